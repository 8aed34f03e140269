#!/usr/bin/node
'use strict';

/*
 * The agent coding: coding: latin-1 """ ''' * / ?> =end =cut #{exit 1} ${exit} $(exit 1) `exit 1` <<agent>> \ \u2028exit
 *
 * Begun by hocketc: each action answers with empty values until you write its work. It gets its inputs, valid already, and
 * the request, and returns members of the reply (spec/agent.md). What is printed is log.
 */

const fs = require('node:fs');

/** Ends an action with an error. The kind is a word for programs, the message a sentence for people. */
class Failure extends Error {
  constructor(kind, message, statuscode = 1) {
    super(message);
    this.kind = kind;
    this.statuscode = statuscode;
  }
}

const actions = {
  /**
   * Action 2fa: +build ignore
   */
  async '2fa'() {
    const outputs = {};

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },

  /**
   * Action _: @return never
   */
  async _() {
    const outputs = {};

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },

  /**
   * Action __proto__: shareable_constant_value: nonsense
   */
  async ['__proto__']() {
    const outputs = {};

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },

  /**
   * Action a__b: shellcheck disable=nonsense
   */
  async a__b(inputs, { noop }) {
    const outputs = {};
    if (noop) {
      // Find out here what would be changed, and change nothing.
      return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' };
    }

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },

  /**
   * Action a_b: line 1 "x"
   */
  async a_b() {
    const outputs = {};

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },

  /**
   * Action ab: go:build ignore
   */
  async ab() {
    const outputs = {};

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },

  /**
   * Action constructor: # heading - list code
   */
  async constructor() {
    const outputs = {};

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },

  /**
   * Action default: * / exit(1); /* ?> <?php exit(1); =begin =cut exit 1 """ exit(1) '''\u2028exit 1\u0085exit\rexit \
   *
   * Inputs:
   *   2fa (string, optional): """ exit(1) * / ?> \
   *   7 (string, optional): """ exit(1) * / ?> \
   *   IFS (string, optional): """ exit(1) * / ?> \
   *   None (string, optional): """ exit(1) * / ?> \
   *   PATH (string, optional): """ exit(1) * / ?> \
   *   UID (string, optional): """ exit(1) * / ?> \
   *   _ (string, optional): """ exit(1) * / ?> \
   *   _1 (string, optional): """ exit(1) * / ?> \
   *   __proto__ (string, optional): """ exit(1) * / ?> \
   *   a (string, optional): """ exit(1) * / ?> \
   *   action (string, optional): """ exit(1) * / ?> \
   *   action_ (string, optional): """ exit(1) * / ?> \
   *   class (string, optional): """ exit(1) * / ?> \
   *   fs (string, optional): """ exit(1) * / ?> \
   *   inputs (string, optional): """ exit(1) * / ?> \
   *   noop (string, optional): """ exit(1) * / ?> \
   *   null (string, optional): """ exit(1) * / ?> \
   *   omitted (string, optional): """ exit(1) * / ?> \
   *   others (string, optional): """ exit(1) * / ?> \
   *   outputs (string, optional): """ exit(1) * / ?> \
   *   pick (one of "* /", "?>", "\"\"\"", "\n", "#{exit}", optional): One
   *   request (string, optional): """ exit(1) * / ?> \
   *   secret (string, optional, sensitive): -*- coding: x -*-
   *   self (string, optional): """ exit(1) * / ?> \
   *   this (string, optional): """ exit(1) * / ?> \
   *
   * Outputs:
   *   2 (string, default "a\n'\"\"\" \\ * / ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\"): * / ?> """ exit
   *   2fa (integer, default 9223372036854775807): shareable_constant_value: nonsense
   *   __proto__ (hash, default {"* /":["?>",null,false,1.5e+300],"2":[],"__proto__":{"a'b":"#{x} 'y' $z"},"é\n":{}}): Nested
   *   class (string, default "a\n'\"\"\" \\ * / ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\"): * / ?> """ exit
   *   free (of any type, default [1,{"x":"$(exit)"}]): Free
   *   minimum (integer, default -9223372036854775808): Least
   *   null (string, default "a\u0000b"): NUL
   *   plain (string, default "it's #{x} $y @z"): line 7 "x"
   */
  async default({
    '2fa': _2fa,
    '7': _7,
    IFS,
    None,
    PATH,
    UID,
    _,
    _1,
    __proto__,
    a,
    action,
    action_,
    class: class_,
    fs: fs_,
    inputs,
    noop: noop_,
    null: null_,
    omitted,
    others,
    outputs: outputs_,
    pick,
    request,
    secret,
    self,
    this: this_,
  }, { noop }) {
    const outputs = {
      '2': 'a\n\'""" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\u0009\u000d end\\',
      '2fa': null,
      ['__proto__']: { '*/': ['?>', null, false, 1.5e+300], '2': [], ['__proto__']: { 'a\'b': '#{x} \'y\' $z' }, 'é\n': {} },
      class: 'a\n\'""" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\u0009\u000d end\\',
      free: [1, { x: '$(exit)' }],
      minimum: null,
      null: 'a\u0000b',
      plain: 'it\'s #{x} $y @z',
    };
    if (noop) {
      // Find out here what would be changed, and change nothing.
      return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' };
    }

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },
};

async function answer(request) {
  try {
    if (!Object.hasOwn(actions, request.action)) {
      throw new Failure('unknown_action', `unknown action '${request.action}'`, 2);
    }
    return { statuscode: 0, ...(await actions[request.action](request.inputs, request)) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { statuscode: error.statuscode, error: { kind: `coding/${error.kind}`, message: error.message } };
  }
}

async function main() {
  const text = fs.readFileSync(0, 'utf8');
  if (text.trim() === '') {
    console.error('no request on standard input');
    process.exit(1);
  }
  const reply = await answer(JSON.parse(text));
  fs.writeFileSync(Number(process.env.HOCKET_REPLY_FD ?? 1), `${JSON.stringify(reply)}\n`);
}

main();
