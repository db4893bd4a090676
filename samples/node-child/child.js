// The child's side of a session over stdin and stdout, by docs/PROTOCOL.md alone, whose sections are named here. It
// answers, notifies and tells of progress; it asks nothing, and has no optional part.
'use strict';
const {randomBytes} = require('crypto');
const net = require('net');
const {
  Decoder, MERGED, NO_SALT, PAYLOAD_CRC, VERSION, WANT_PROGRESS, WANT_STARTED, frame, json, list, message, parse,
  text,
} = require('./wire.js');

const MAX_PAYLOAD_BYTES = 16 << 20, MIN_LIMIT_BYTES = 4096, MAX_CALLS = 1000;
const MAX_WAITING_BYTES = 8 << 20, MAX_BEFORE_PROGRESS_BYTES = 1 << 20;
const START_LIMIT_MS = 30000, END_LIMIT_MS = 2000, MAX_TIMER_MS = 2 ** 31 - 1;
const BEFORE_READY = ['HELLO', 'READY', 'PING', 'PONG', 'GOODBYE'], EMPTY = Buffer.alloc(0);
const NAME = `node-child, Node ${process.versions.node}, pid ${process.pid}`;
const any = (found = null) => found, FunctionValue = message('streamipc.Value', {value: any});
const FunctionCall = message('streamipc.Call', {function: text, arguments: list(any)});
const LogMessage = message('LogMessage', {message: text, level: text});

/** A request that is being answered. Its `signal` is aborted when nobody waits for the answer any more. */
class Call {
  constructor(session, id, flags, leftMs) {
    Object.assign(this, {session, id, flags, update: null, leftOut: 0, isLate: false});
    this.controller = new AbortController();
    this.signal = this.controller.signal;
    // The time left was cut to whole milliseconds, so the caller may wait for one more.
    this.timer = leftMs < MAX_TIMER_MS ? setTimeout(() => this.late(), leftMs + 1) : null;
  }

  late() {
    this.isLate = true;
    this.cancel('deadline passed');
  }

  cancel(reason) {
    this.controller.abort(new Error(reason));
  }

  /** Sends news if anybody listens. Where there is no room the latest waits, and those before it are counted. */
  progress(type, value) {
    if (!(this.flags & WANT_PROGRESS) || this.signal.aborted || !this.session.calls.has(this.id)) return;
    const update = this.session.encode(type, value);
    if (this.update) this.leftOut++;
    this.update = update;
    this.tell(MAX_BEFORE_PROGRESS_BYTES);
  }

  tell(maxWaitingBytes) {
    if (!this.update || this.session.out.writableLength > maxWaitingBytes) return;
    const count = Buffer.alloc(this.leftOut ? 4 : 0);
    if (this.leftOut) count.writeUInt32BE(this.leftOut);
    const payload = Buffer.concat([this.update.subarray(0, 2), count, this.update.subarray(2)]);
    this.session.send('PROGRESS', this.id, payload, this.leftOut ? MERGED : 0);
    Object.assign(this, {update: null, leftOut: 0});
  }

  end() {
    clearTimeout(this.timer);
    this.tell(Infinity);
    this.session.calls.delete(this.id);
  }
}

/** Takes stdin and stdout for good: what is printed goes to stderr, and Ctrl-C is left to the parent. */
class Session {
  /** Returns a promise of the session, kept when the parent has said HELLO. */
  static stdio(...types) {
    return new Promise(opened => { new Session([LogMessage, FunctionCall, FunctionValue, ...types], opened); });
  }

  constructor(types, opened) {
    Object.defineProperty(process, 'stdout', {get: () => process.stderr});
    process.on('SIGINT', () => {});
    Object.assign(this, {types, opened, other: null, isReady: false, isEnding: false, exitCode: 0, lastStarted: null});
    Object.assign(this, {takers: new Map(), listeners: new Map(), calls: new Map(), held: [], heldBytes: 0});
    this.functions = new Map();
    this.salt = randomBytes(4);
    this.salt[0] |= 1; // all zero is HELLO's
    this.decoder = new Decoder(event => this.take(event), MAX_PAYLOAD_BYTES);
    this.out = new net.Socket({fd: 1, readable: false, writable: true}).on('error', () => process.exit(1))
      .on('drain', () => this.calls.forEach(call => call.tell(MAX_BEFORE_PROGRESS_BYTES)));
    new net.Socket({fd: 0, readable: true, writable: false}).on('data', piece => this.decoder.feed(piece))
      .on('end', () => this.streamEnds()).on('error', () => this.streamEnds());
    this.send('HELLO', 0n, {protocol: 'stream-ipc', versions: [VERSION, VERSION], minor: 0, role: 'child', name: NAME,
      serializers: ['json'], types: types.map(({name}) => ({name})), limits: {maxPayloadBytes: MAX_PAYLOAD_BYTES},
      features: [], salt: this.salt.toString('hex'), pid: process.pid, startedAtMillis: null});
    this.startTimer = setTimeout(() => this.end('REFUSED', `no HELLO: waitedMs=${START_LIMIT_MS}`), START_LIMIT_MS);
  }

  /** Sets what answers: it takes the question and its call (`signal`, `progress(type, value)`), and may be async. */
  onRequest(question, answer, handler) {
    this.takers.set(question, {answer, handler});
  }

  /** Lets the parent call a function by its name (section 15), with its arguments; the call comes behind them. */
  onCall(name, handler) {
    const run = async (asked, call) => ({value: await handler(...asked.arguments ?? [], call) ?? null});
    this.functions.set(name, {answer: FunctionValue, handler: run});
  }

  onMessage(type, handler) {
    this.listeners.set(type, handler);
  }

  notify(type, value) {
    if (this.out.writableLength + this.heldBytes > MAX_WAITING_BYTES) throw new Error('too much waits to be written');
    this.send('NOTIFY', 0n, this.encode(type, value));
  }

  /** Says that all handlers are set. They run on the thread that reads: section 5 calls that a pump. */
  serve() {
    this.send('READY', 0n, {reads: 'pump'});
  }

  close() {
    this.end('CLOSED', 'the child closes');
  }

  send(kind, id, payload, flags = 0) {
    const body = Buffer.isBuffer(payload) ? payload : Buffer.from(json(payload));
    const bytes = frame(kind === 'HELLO' ? NO_SALT : this.salt, kind, flags | (body.length && PAYLOAD_CRC), id, body);
    if (this.out.writableEnded) return;
    if (this.isReady || BEFORE_READY.includes(kind)) this.out.write(bytes);
    else this.heldBytes += this.held.push(bytes) && bytes.length;
  }

  encode(type, value) {
    const body = Buffer.from(`  ${json(value)}`), {types, maxPayloadBytes} = this.other;
    if (!types.includes(type.name)) throw new Error(`the parent has no such type: type=${type.name}`);
    if (body.length > maxPayloadBytes) throw new Error(`payload over the limit: payloadBytes=${body.length}`);
    body.writeUInt16BE(this.types.indexOf(type));
    return body;
  }

  take({kind, flags, id, payload, damaged, junk, violation}) {
    if (violation) this.end('PROTOCOL_ERROR', violation);
    else if (junk) console.error(`junk on stdin: ${junk}`);
    else if (kind === 'HELLO') this.hello(payload);
    else if (kind === 'READY') this.ready();
    else if (kind === 'REQUEST') this.request(id, flags, payload);
    else if (kind === 'NOTIFY') this.notified(payload);
    else if (kind === 'CANCEL') this.calls.get(id)?.cancel(payload.toString());
    else if (kind === 'PING' && id >> 63n) this.end('PROTOCOL_ERROR', `a ping with an id of ours: id=${id}`);
    else if (kind === 'PING' && this.out.writableLength < 2 * MAX_WAITING_BYTES) this.send('PONG', id, EMPTY);
    else if (kind === 'GOODBYE') this.goodbye(JSON.parse(payload));
    else if (damaged === 'GOODBYE') this.goodbye({reason: 'CLOSED', text: 'damaged'});
    else if (damaged === 'REQUEST' && !this.calls.has(id)) this.undecodable(id, 'ARGUMENT', 'its CRC does not fit');
  }

  hello(payload) {
    if (this.other) return this.end('PROTOCOL_ERROR', 'a second HELLO');
    clearTimeout(this.startTimer);
    try {
      const {protocol, versions: [low, high], role, serializers, types, limits, salt} = JSON.parse(payload);
      const isFit = protocol === 'stream-ipc' && low <= VERSION && high >= VERSION && role === 'parent'
        && serializers.includes('json') && limits.maxPayloadBytes >= MIN_LIMIT_BYTES && /^[\da-f]{8}$/.test(salt);
      if (!isFit) throw new Error('it asks for something else');
      this.other = {types: types.map(({name}) => name), maxPayloadBytes: limits.maxPayloadBytes};
      this.decoder.salt = Buffer.from(salt, 'hex');
      this.opened(this);
    } catch (error) {
      const ours = `${NAME} (child, version ${VERSION}, json)`;
      this.end('REFUSED', `${ours} can't talk to this parent: ${error.message}, hello=${payload}`.slice(0, 1000));
    }
  }

  ready() {
    this.isReady = true;
    this.held.splice(0).forEach(bytes => this.out.write(bytes));
    this.heldBytes = 0;
  }

  /** Returns the value and its type; throws if it can't be read. */
  decode(payload, from) {
    const name = this.other.types[payload.readUInt16BE()], type = this.types.find(one => one.name === name);
    if (!type) throw new TypeError(`a type that is not shared: type=${name}`);
    return {type, value: type.read(parse(payload.subarray(from)))};
  }

  async notified(payload) {
    try {
      const {type, value} = this.decode(payload, 2);
      await this.listeners.get(type)?.(value);
    } catch (error) {
      console.error('a notification was not taken:', error);
    }
  }

  request(id, flags, payload) {
    const reject = (reason, facts) => this.fail(id, {failure: 'Rejected', reason, facts});
    const waitingBytes = this.out.writableLength;
    if (id >> 63n || this.calls.has(id)) return this.end('PROTOCOL_ERROR', `id of ours or twice: id=${id}`);
    if (waitingBytes > 2 * MAX_WAITING_BYTES) return; // nobody reads the refusals either: its deadline ends it
    if (this.isEnding) return reject('DRAINING', 'the child is ending');
    if (this.calls.size >= MAX_CALLS || waitingBytes > MAX_WAITING_BYTES) {
      return reject('QUEUE_FULL', `calls=${this.calls.size}, waitingBytes=${waitingBytes}`);
    }
    let decoded, leftMs;
    try {
      leftMs = payload.readUInt32BE(2);
      decoded = this.decode(payload, 6);
    } catch (error) {
      return this.undecodable(id, 'ARGUMENT', error.message);
    }
    const {type, value} = decoded, isCall = type === FunctionCall;
    const taker = isCall ? this.functions.get(value.function) : this.takers.get(type);
    if (!taker) reject('UNHANDLED', 'the child has no handler of this type, or no such function');
    else if (leftMs === 0) this.fail(id, {failure: 'DeadlinePassed', phase: 'QUEUED'});
    else this.answer(new Call(this, id, flags, leftMs), taker, value);
  }

  async answer(call, taker, value) {
    this.calls.set(call.id, call);
    this.lastStarted = call.id;
    if (call.flags & WANT_STARTED) this.send('STARTED', call.id, EMPTY);
    let failure = null, answer;
    try {
      answer = await taker.handler(value, call);
    } catch (error) {
      const isLate = call.isLate && (error === call.signal.reason || error?.name === 'AbortError');
      const {name: type = typeof error, message = String(error), stack = ''} = error ?? {};
      failure = isLate ? {failure: 'DeadlinePassed', phase: 'RUNNING'} : {failure: 'RemoteFailure', type, message, stack};
    }
    call.end();
    if (failure) this.fail(call.id, failure);
    else this.reply(call.id, taker.answer, answer);
    this.finish();
  }

  reply(id, type, value) {
    let payload;
    try {
      payload = this.encode(type, value);
    } catch (error) {
      return this.undecodable(id, 'ANSWER', error.message);
    }
    this.send('REPLY', id, payload);
  }

  undecodable(id, subject, cause) {
    this.fail(id, {failure: 'Undecodable', subject, type: null, cause});
  }

  /** Sends a failure, with its texts as long as the parent's limit allows. */
  fail(id, failure, maxChars = 1 << 16) {
    const cut = (_, value) => (typeof value === 'string' ? value.slice(0, maxChars) : value);
    const payload = Buffer.from(JSON.stringify(failure, cut));
    if (payload.length > this.other.maxPayloadBytes) this.fail(id, failure, maxChars >> 1);
    else this.send('FAILURE', id, payload);
  }

  goodbye({reason, text}) {
    // Who says it first has ended its own calls.
    if (!this.isEnding) this.cancelAll(`the parent says: ${text}`);
    if (reason === 'REFUSED' || reason === 'PROTOCOL_ERROR') {
      console.error(`the parent says: reason=${reason}, text=${text}`);
      this.exitCode = 1;
    }
    this.end('CLOSED', 'answers the goodbye of the parent');
  }

  /** Says goodbye; the stream ends behind the last answer (section 8). */
  end(reason, text) {
    if (this.isEnding) return;
    this.isEnding = true;
    clearTimeout(this.startTimer);
    if (reason !== 'CLOSED') {
      console.error(`session ended: reason=${reason}, text=${text}`);
      this.exitCode = 1;
      this.cancelAll(text);
    }
    const lastStarted = this.lastStarted === null ? null : this.lastStarted.toString(16).padStart(16, '0');
    this.send('GOODBYE', 0n, {reason, text, lastStarted});
    this.finish();
  }

  streamEnds() {
    this.decoder.end();
    this.cancelAll('the stream ended');
    if (!this.isEnding) {
      this.isEnding = true;
      this.exitCode = 1;
      this.send('VOID', 0n, EMPTY); // finds out whether anybody reads
    }
    setTimeout(() => process.exit(1), END_LIMIT_MS);
    this.finish();
  }

  cancelAll(reason) {
    this.calls.forEach(call => call.cancel(reason));
  }

  finish() {
    if (!this.isEnding || this.calls.size > 0 || this.out.writableEnded) return;
    this.out.end(() => process.exit(this.exitCode));
  }
}

module.exports = {LogMessage, Session};
