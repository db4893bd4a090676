// Plays a parent that keeps and breaks the rules of sections 4 to 10, against probe.js; for NodeChildTest. Exits with 1 and
// says which case did not hold.
'use strict';
const assert = require('assert');
const {spawn} = require('child_process');
const path = require('path');
const {Decoder, PAYLOAD_CRC, frame} = require(path.resolve('samples/node-child/wire.js'));

const SALT = Buffer.from('0badcafe', 'hex'), LIMIT_MS = 10000, ENDLESS = 0xffffffff, CHILD_BIT = 1n << 63n;
const HELLO = {protocol: 'stream-ipc', versions: [1, 1], minor: 3, role: 'parent', name: 'rules', serializers: ['kryo', 'json'],
  types: ['Other', 'NodeChildTest.Ask', 'NodeChildTest.Answer', 'LogMessage'].map(name => ({name})),
  limits: {maxPayloadBytes: 4096}, features: ['chunks', 'unknown'], salt: SALT.toString('hex'), pid: null, more: 1};

class Child {
  constructor() {
    this.process = spawn(process.execPath, ['src/test/resources/node/probe.js'], {stdio: ['pipe', 'pipe', 'pipe']});
    this.frames = [];
    this.stderr = '';
    this.wake = () => {};
    const decoder = new Decoder(event => {
      assert(event.kind, 'the child wrote what is no frame');
      if (event.kind === 'HELLO') decoder.salt = Buffer.from(JSON.parse(event.payload).salt, 'hex');
      this.frames.push(event);
      this.wake();
    }, HELLO.limits.maxPayloadBytes);
    this.process.stdout.on('data', piece => decoder.feed(piece));
    this.process.stderr.on('data', piece => { this.stderr += piece; this.wake(); });
    this.process.stdin.on('error', () => {});
    this.exit = new Promise(resolve => this.process.on('close', resolve));
  }

  send(kind, id, payload, flags = 0) {
    const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
    const salt = kind === 'HELLO' ? Buffer.alloc(4) : SALT;
    this.process.stdin.write(frame(salt, kind, body.length ? flags | PAYLOAD_CRC : flags, id, body));
  }

  /** Nothing else may be sent before the child is ready. */
  async open() {
    this.send('HELLO', 0n, HELLO);
    this.send('READY', 0n, {reads: 'reader'});
    assert.deepEqual(await this.next('READY'), {reads: 'pump'});
  }

  ask(id, what, {type = 1, leftMs = ENDLESS} = {}) {
    const head = Buffer.alloc(6);
    head.writeUInt16BE(type);
    head.writeUInt32BE(leftMs, 2);
    this.send('REQUEST', id, Buffer.concat([head, Buffer.from(JSON.stringify({what, number: 1}))]));
  }

  /** Waits for a frame of this kind, and of this id if one is given; returns its payload, parsed if it is an object. */
  async next(kind, id) {
    for (;;) {
      const found = this.frames.findIndex(one => one.kind === kind && (id === undefined || one.id === id));
      if (found >= 0) {
        const {payload} = this.frames.splice(found, 1)[0];
        return payload[0] === 0x7b ? JSON.parse(payload) : payload;
      }
      await this.news();
    }
  }

  news() {
    return new Promise(resolve => { this.wake = resolve; });
  }

  async ends(reason, exitCode) {
    const goodbye = await this.next('GOODBYE');
    assert.equal(goodbye.reason, reason, goodbye.text);
    assert.equal(await this.exit, exitCode);
    return goodbye;
  }
}

const violation = act => async child => {
  await child.open();
  act(child);
  await child.ends('PROTOCOL_ERROR', 1);
};
const refusal = hello => async child => {
  child.send('HELLO', 0n, {...HELLO, ...hello});
  assert.match((await child.ends('REFUSED', 1)).text, /node-child.*can't talk to.*rules/);
};

const CASES = {
  'a second hello': violation(child => child.send('HELLO', 0n, HELLO)),
  'a request with an id of the child': violation(child => child.ask(CHILD_BIT | 1n, 'x')),
  'a ping with an id of the child': violation(child => child.send('PING', CHILD_BIT | 1n, Buffer.alloc(0))),
  'an id that is in flight': violation(child => { child.ask(1n, 'wait'); child.ask(1n, 'x'); }),
  'a kind of an optional part': violation(child => child.process.stdin.write(
    Buffer.concat([frame(SALT, 'VOID', 0, 0n, Buffer.alloc(0)), chunk()]))),
  'a role that is the same': refusal({role: 'child'}),
  'no serializer in common': refusal({serializers: ['kryo']}),
  'a version that is not spoken': refusal({versions: [2, 3]}),
  'a limit that is too small': refusal({limits: {maxPayloadBytes: 4095}}),
  'no salt': refusal({salt: undefined}),
  async 'hello is in order, and names no optional part'(child) {
    const {role, features, serializers, salt, types} = await child.next('HELLO');
    assert.deepEqual([role, features, serializers, types[0].name], ['child', [], ['json'], 'LogMessage']);
    assert.match(salt, /^[\da-f]{8}$/);
  },
  async 'nothing but a pong leaves before the parent is ready'(child) {
    child.send('HELLO', 0n, HELLO);
    await child.next('READY');
    child.ask(1n, 'x');
    child.send('PING', 2n, Buffer.alloc(0));
    await child.next('PONG', 2n);
    assert(!child.frames.some(({kind}) => kind === 'REPLY'));
    child.send('READY', 0n, {reads: 'reader'});
    await child.next('REPLY', 1n);
  },
  async 'a damaged request fails alone'(child) {
    await child.open();
    const bytes = frame(SALT, 'REQUEST', PAYLOAD_CRC, 5n, Buffer.from('0123456789'));
    bytes[30] ^= 1;
    child.process.stdin.write(bytes);
    child.ask(6n, 'x');
    assert.equal((await child.next('FAILURE', 5n)).subject, 'ARGUMENT');
    await child.next('REPLY', 6n);
    while (!child.stderr.includes('junk on stdin')) await child.news();
  },
  async 'a type that is not shared, or not there, or a request without a head'(child) {
    await child.open();
    child.ask(1n, 'x', {type: 0});
    child.ask(2n, 'x', {type: 9});
    child.send('REQUEST', 3n, Buffer.from('abc'));
    for (const id of [1n, 2n, 3n]) assert.equal((await child.next('FAILURE', id)).failure, 'Undecodable');
  },
  async 'a request whose time is up'(child) {
    await child.open();
    child.ask(1n, 'x', {leftMs: 0});
    assert.deepEqual(await child.next('FAILURE', 1n), {failure: 'DeadlinePassed', phase: 'QUEUED'});
    child.ask(2n, 'wait', {leftMs: 50});
    assert.deepEqual(await child.next('FAILURE', 2n), {failure: 'DeadlinePassed', phase: 'RUNNING'});
  },
  async 'a text that is over the limit of the parent is cut'(child) {
    await child.open();
    child.ask(1n, 'failAtLength');
    const {failure, message} = await child.next('FAILURE', 1n);
    assert.deepEqual([failure, message.slice(0, 4)], ['RemoteFailure', 'long']);
  },
  async 'what is late or unknown means nothing'(child) {
    await child.open();
    child.send('CANCEL', 77n, Buffer.from('gone'));
    child.send('REPLY', 78n, Buffer.from('\0\0{}'));
    child.send('NOTIFY', 0n, Buffer.from('\0\x09{}'));
    child.ask(1n, 'x');
    await child.next('REPLY', 1n);
  },
  async 'a goodbye lets begun requests be answered and names the last'(child) {
    await child.open();
    child.ask(7n, 'linger');
    assert.match((await child.next('NOTIFY')).toString(), /lingering/);
    child.send('GOODBYE', 0n, {reason: 'CLOSED', text: 'enough', lastStarted: null});
    child.ask(8n, 'x');
    assert.equal((await child.next('GOODBYE')).lastStarted, '0000000000000007');
    assert.equal((await child.next('FAILURE', 8n)).reason, 'DRAINING');
    await child.next('REPLY', 7n);
    assert.equal(await child.exit, 0);
  },
  async 'the end of the stream lets begun requests be answered'(child) {
    await child.open();
    child.ask(7n, 'linger');
    assert.match((await child.next('NOTIFY')).toString(), /lingering/);
    child.process.stdin.end();
    await child.next('REPLY', 7n);
    assert.equal(await child.exit, 1);
  },
  async 'a parent that is gone ends it'(child) {
    await child.open();
    child.process.stdin.end();
    assert.equal(await child.exit, 1);
  },
};

/** Returns a frame of kind 14, which the encoder does not know. */
function chunk() {
  const {crc32} = require(path.resolve('samples/node-child/wire.js'));
  const bytes = frame(SALT, 'VOID', 0, 0n, Buffer.alloc(0));
  bytes[5] = 14;
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 20), crc32(SALT)), 20);
  return bytes;
}

/** Rejects past the limit, with what the child has said so far. */
function within(action, child) {
  let timer;
  const limit = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`does not end: left=${child.frames.map(({kind}) => kind)}`)), LIMIT_MS);
  });
  return Promise.race([action, limit]).finally(() => clearTimeout(timer));
}

async function main() {
  for (const [name, holds] of Object.entries(CASES)) {
    const child = new Child();
    try {
      await within(holds(child), child);
    } catch (error) {
      console.error(`${name}: ${error.stack}\n${child.stderr}`);
      process.exitCode = 1;
    } finally {
      child.process.kill('SIGKILL');
    }
  }
  console.log(`cases=${Object.keys(CASES).length}`);
}

main();
