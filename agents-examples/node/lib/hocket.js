'use strict';
/*
 * The agent contract of Hocket (spec/agent.md) for Node.js 18 and later. No dependencies.
 *
 *     #!/usr/bin/node
 *     const hocket = require('../lib/hocket');
 *
 *     hocket.run({
 *         greet: (request) => ({ greeting: 'hello ' + request.input('name') }),
 *     });
 *
 * An action is a function, async or not, from the request to the outputs: an object, or a hocket.Reply to set `changed` or a
 * message too. `throw new hocket.Failure('not_found', '/x does not exist')` ends it with an error of that kind; anything else
 * that is thrown, in a timer or a promise too, and an end of the process before the reply becomes an error of the kind
 * AGENT/exception. What is printed is log, never reply.
 *
 * Outputs are what JSON.stringify makes of them, and more strictly: NaN, a Promise, a Map and their like are errors and not null
 * or {}, and a Buffer is its text. JavaScript has one kind of number: 1.0 is sent as 1 (the node makes a float of it where the
 * DDL says so), and integers beyond 2^53 are not exact, in inputs neither.
 *
 * With `contract: worker` in its DDL the same program serves many requests, `in_flight` of them at a time: what one awaits is
 * time for the others. Node cannot fork. process.exit() and what is thrown outside of an action answer all requests and end it.
 */

const fs = require('fs');
const path = require('path');

/** A failure that the agent foresaw. Its kind is for programs, its message for people. */
class Failure extends Error {
    constructor(kind, message, details = {}, statuscode = 1) {
        super(message);
        Object.assign(this, { kind, details, statuscode });
    }
}

/** The outputs of an action that also wants to say something else than "OK, nothing changed". */
class Reply {
    /** changed: something was changed; in noop: would be. diff: what, as lines for people. */
    constructor(data, { changed = false, message = 'OK', diff } = {}) {
        Object.assign(this, { data, changed, message, diff });
    }
}

/** One request. `envelope` is the whole object from stdin: caller, identity, request_id, config and so on. */
class Request {
    constructor(envelope) {
        this.envelope = envelope;
        this.agent = envelope.agent ?? path.basename(process.argv[1]);
        this.action = envelope.action;
        this.noop = envelope.noop ?? false;
        this.inputs = envelope.inputs ?? {};
    }

    /** An input, or the default; without a default the action fails when the input is not there. */
    input(name, ...fallback) {
        if (Object.hasOwn(this.inputs, name)) {
            return this.inputs[name];
        }
        if (fallback.length === 0) {
            throw new Failure('missing_input', `the input ${name} is required`, {}, 3);
        }
        return fallback[0];
    }

    /** Until the runner ends this process; infinite when no deadline was given. */
    secondsLeft() {
        return ((this.envelope.deadline ?? Infinity) - Date.now()) / 1000;
    }
}

/**
 * Reads the request, runs its action, writes the reply, ends the process. As a worker: for each line, until the end.
 * `actions` has a function for each name. Call it last: an action may begin before it returns.
 */
function run(actions) {
    if (!hasReplyChannel()) {
        runByHand();
    }
    const open = new Set();
    const abandon = (failure) => {
        for (const request of open) {
            open.delete(request);
            send(encode(request, failed(request, failure)));
        }
    };
    process.on('uncaughtException', (thrown) => {   // and unhandled rejections
        abandon(unforeseen(thrown));
        process.exit(1);
    });
    process.on('exit', () => abandon(new Failure('exception', 'the process ended before the reply')));

    const answer = async (request) => {
        open.add(request);
        const body = await reply(actions, request);
        open.delete(request);
        send(body);
    };
    if (process.env.HOCKET_CONTRACT !== 'worker') {
        answer(parse(readStdin())).then(() => process.exit(0));
    } else if (process.env.HOCKET_WORKER_FORK === 'true') {
        refuse('node cannot fork: say fork: false in the DDL');
    } else {
        serve(answer, takeStdin(), Number(process.env.HOCKET_WORKER_IN_FLIGHT) || 1);
    }
}

async function reply(actions, request) {
    try {
        return encode(request, await call(actions, request).catch((thrown) => {
            if (thrown instanceof Failure) {
                return failed(request, thrown);
            }
            throw thrown;
        }));
    } catch (thrown) {      // by the action, or by encode() because of what it returned
        return encode(request, failed(request, unforeseen(thrown)));
    }
}

async function call(actions, request) {
    if (!Object.hasOwn(actions, request.action)) {      // which `constructor` is not
        throw new Failure('unknown_action', `unknown action '${request.action}'`, {}, 2);
    }
    const result = await actions[request.action](request);
    const { data, changed, message, diff } = result instanceof Reply ? result : new Reply(result);
    if (Object.prototype.toString.call(data) !== '[object Object]') {
        throw new TypeError(`the action ${request.action} returned ${String(data)}, which is no object of outputs`);
    }
    return { statuscode: 0, statusmsg: message, data, changed, diff };
}

function failed(request, { kind, message, details, statuscode }) {
    const fullKind = kind.includes('/') ? kind : `${request.agent}/${kind}`;
    return { statuscode, statusmsg: message.split('\n')[0] || fullKind, error: { kind: fullKind, message, details } };
}

function unforeseen(thrown) {
    const stack = String(thrown?.stack ?? thrown);
    process.stderr.write(`${stack}\n`);
    const place = /^ +at .*?((?:file:\/\/)?\/.*:\d+):\d+\)?$/m.exec(stack);     // not within node itself
    return new Failure('exception', String(thrown), place ? { at: place[1] } : {});
}

function encode(request, reply) {
    const id = Object.hasOwn(request.envelope, 'id') ? { id: request.envelope.id } : {};
    const text = JSON.stringify({ ...id, ...reply }, checked);
    // Half a pair of surrogates is escaped by stringify(), and nothing else is with \ud
    return text.replace(/\\(?:u(d[89a-f]..)|.)/g, (escape, half) => (half ? '\ufffd' : escape)) + '\n';
}

/** For JSON.stringify: refuses what it would send as null or {}, or leave out; but undefined is an output that is absent. */
function checked(key, value) {
    const original = this[key];     // for toJSON() was called on `value`
    if (original instanceof Uint8Array) {
        return Buffer.from(original).toString();
    }
    const isLost = (typeof value === 'number' && !Number.isFinite(value)) || ['function', 'symbol'].includes(typeof value)
        || [Promise, Map, Set, Error, ArrayBuffer].some((type) => value instanceof type);
    if (isLost) {
        throw new TypeError(`${key} is ${String(value)}, which is no JSON`);
    }
    return value;
}

function parse(text) {
    try {
        const envelope = JSON.parse(text);
        if (typeof envelope.action === 'string') {
            return new Request(envelope);
        }
    } catch { /* said below */ }
    return refuse(text.trim() === '' ? 'no request on stdin' : 'stdin is not a request');
}

function refuse(reason) {
    process.stderr.write(`${reason}\n`);
    process.exit(1);
}

/** Node marks it as close-on-exec when it starts. Where there was none it is something of node's own, which has no file type. */
function hasReplyChannel() {
    try {
        return process.env.HOCKET_REPLY_FD === '3' && (fs.fstatSync(3).mode & fs.constants.S_IFMT) !== 0;
    } catch {
        return false;
    }
}

/**
 * By hand the reply goes to stdout, and everything else to stderr. Node cannot move descriptors but when it starts a process:
 * this one only starts the same program again, as the runner would. What stands before run() is run twice then.
 */
function runByHand() {
    const { status } = require('child_process').spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
        stdio: [0, 2, 2, 1], env: { ...process.env, HOCKET_REPLY_FD: '3' },
    });
    process.exit(status ?? 1);
}

function send(body) {
    const bytes = Buffer.from(body);
    for (let sent = 0; sent < bytes.length;) {
        sent += patiently(() => fs.writeSync(3, bytes, sent));
    }
}

function readStdin() {
    const chunks = [], chunk = Buffer.alloc(1 << 16);
    for (let size; (size = patiently(() => fs.readSync(0, chunk))) > 0;) {
        chunks.push(Buffer.from(chunk.subarray(0, size)));
    }
    return Buffer.concat(chunks).toString();
}

/** A pipe that somebody else made non-blocking is one for us too; console.log does so with stdout, which may be ours by hand. */
function patiently(operation) {
    for (;;) {
        try {
            return operation();
        } catch (error) {
            if (error.code !== 'EAGAIN') {
                throw error;
            }
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 /* ms */);
        }
    }
}

/** The requests; an action and what it starts find /dev/null in their place. */
function takeStdin() {
    let requests;
    try {
        requests = new (require('net').Socket)({ fd: fs.openSync('/proc/self/fd/0'), writable: false });
    } catch {   // no pipe, or one of the runner's user, which we may read and not open; node cannot duplicate a descriptor
        requests = require('child_process').spawn('/bin/cat', { stdio: [0, 'pipe', 'ignore'] }).stdout;
    }
    fs.closeSync(0);
    fs.openSync('/dev/null');       // the lowest free descriptor: 0
    return requests;
}

function serve(answer, requests, inFlight) {
    const lines = [];
    let rest = '', atEnd = false, busy = 0;
    const next = () => {
        while (lines.length > 0 && busy < inFlight) {
            busy += 1;
            answer(parse(lines.shift())).then(() => {
                busy -= 1;
                next();
            });
        }
        if (atEnd && busy === 0) {
            process.exit(0);
        }
    };
    requests.setEncoding('utf8');
    requests.on('data', (text) => {
        const parts = (rest + text).split('\n');
        rest = parts.pop();
        lines.push(...parts);
        next();
    });
    requests.on('end', () => {
        atEnd = true;
        lines.push(...(rest ? [rest] : []));
        next();
    });
}

module.exports = { Failure, Reply, Request, run };
