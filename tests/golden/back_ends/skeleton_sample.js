#!/usr/bin/node
'use strict';

/*
 * The agent sample: Looks after things, one at a time.
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
   * Action print: Prints it
   *
   * Inputs:
   *   class (string): A word of most languages
   *   default (string, optional): Another one
   *   end (integer, optional, default 10): And one of Ruby
   *
   * Outputs:
   *   function (string): A word as well
   */
  async print({ class: class_, default: default_, end }, { noop }) {
    const outputs = {
      function: '',
    };
    if (noop) {
      // Find out here what would be changed, and change nothing.
      return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' };
    }

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },

  /**
   * Action reset: Forgets everything
   */
  async reset(inputs, { noop }) {
    const outputs = {};
    if (noop) {
      // Find out here what would be changed, and change nothing.
      return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' };
    }

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },

  /**
   * Action status: How a thing is
   *
   * Inputs:
   *   deep (boolean, optional, default false): Whether to look into it
   *   depth (integer, optional): How far to look
   *   labels (hash, optional): What must be so
   *   limit (float, optional, default 0.9): Above which it is full
   *   name (string): Which thing
   *   ratio (number, optional): How much of it
   *   tags (array, optional): Which ones
   *   token (string, optional, sensitive): Proves who asks
   *   unit (one of "bytes", 1024, true, optional): How sizes are shown
   *
   * Outputs:
   *   anything (of any type): Of no certain type
   *   bytes (integer): How large it is
   *   labels (hash): What it is called
   *   limits (hash, default {"cpu":2,"empty":{},"ratio":0.5,"tags":["a",null,true]}): What it may do
   *   load (float): How busy it is
   *   note (string): What else is known
   *   parts (array): What it is made of
   *   present (boolean): Whether it is there
   *   score (number): How good it is
   *   state (string, default "it's idle"): What it does
   */
  async status({ deep, depth, labels, limit, name, ratio, tags, token, unit }) {
    const outputs = {
      anything: '',
      bytes: 0,
      labels: {},
      limits: { cpu: 2, empty: {}, ratio: 0.5, tags: ['a', null, true] },
      load: 0.0,
      note: '',
      parts: [],
      present: false,
      score: 0,
      state: 'it\'s idle',
    };

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
    return { statuscode: error.statuscode, error: { kind: `sample/${error.kind}`, message: error.message } };
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
