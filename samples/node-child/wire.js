'use strict';
// Bytes to frames and to values, and back: docs/PROTOCOL.md, whose sections are named here. No I/O.

const KINDS = 'HELLO READY REQUEST REPLY FAILURE NOTIFY STARTED PROGRESS CANCEL PING PONG GOODBYE VOID'.split(' ');
const WITHOUT_ID = ['HELLO', 'READY', 'NOTIFY', 'GOODBYE'];
const PAYLOAD_CRC = 1, WANT_STARTED = 2, WANT_PROGRESS = 4, MERGED = 8;
const FLAGS = {REQUEST: PAYLOAD_CRC | WANT_STARTED | WANT_PROGRESS, PROGRESS: PAYLOAD_CRC | MERGED};
const MAGIC = Buffer.from('fac1f5fd', 'hex'), NO_SALT = Buffer.alloc(4), VERSION = 1;
const HEADER_BYTES = 24, CHECKED_BYTES = 20, MAX_HELLO_BYTES = 65536, MAX_DAMAGED = 1000, MAX_DEPTH = 64;

const CRC_TABLE = Uint32Array.from({length: 256}, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes, before = 0) {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Returns a whole frame (section 1), with a CRC of the payload if the flags say so. */
function frame(salt, kind, flags, id, payload) {
  const end = HEADER_BYTES + payload.length, bytes = Buffer.alloc(flags & PAYLOAD_CRC ? end + 4 : end);
  bytes.set([...MAGIC, VERSION, KINDS.indexOf(kind) + 1]);
  bytes.writeUInt16BE(flags, 6);
  bytes.writeBigUInt64BE(id, 8);
  bytes.writeUInt32BE(payload.length, 16);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, CHECKED_BYTES), crc32(salt)), CHECKED_BYTES);
  bytes.set(payload, HEADER_BYTES);
  if (flags & PAYLOAD_CRC) bytes.writeUInt32BE(crc32(payload), end);
  return bytes;
}

/** Cuts a stream into frames and tells what else is in it (section 10). Until its salt is set it waits for HELLO. */
class Decoder {
  constructor(tell, maxPayloadBytes, mayCarryJunk = true) {
    Object.assign(this, {tell, maxPayloadBytes, mayCarryJunk, salt: null, isSearching: false, isBroken: false});
    Object.assign(this, {pieces: [], heldBytes: 0, neededBytes: 0, damagedInARow: 0});
  }

  feed(piece) {
    this.pieces.push(piece);
    this.heldBytes += piece.length;
    // Joining the pieces before a large frame is whole would take quadratic time.
    if (this.isBroken || this.heldBytes < this.neededBytes) return;
    const bytes = Buffer.concat(this.pieces), rest = bytes.subarray(this.cut(bytes));
    this.pieces = [rest];
    this.heldBytes = rest.length;
  }

  end() {
    if (this.heldBytes && this.mayCarryJunk && !this.isBroken) this.tell({junk: Buffer.concat(this.pieces)});
  }

  /** Tells of all that is complete; returns where the rest begins. */
  cut(bytes) {
    let at = this.neededBytes = 0;
    while (bytes.length - at >= HEADER_BYTES && !this.isBroken) {
      const head = this.head(bytes, at), rule = head && this.brokenRule(head);
      if (rule) return this.violate(rule, at);
      const end = head && at + HEADER_BYTES + head.length + (head.flags & PAYLOAD_CRC ? 4 : 0);
      if (end > bytes.length) {
        this.neededBytes = end - at;
        return at;
      }
      at = head ? this.whole(head, bytes, at, end) : this.skip(bytes, at);
    }
    const mayBegin = bytes.subarray(at, at + 4).equals(MAGIC.subarray(0, bytes.length - at));
    return mayBegin || this.isBroken ? at : this.skip(bytes, at);
  }

  /** Returns the header that stands there, null if there is none. */
  head(bytes, at) {
    if (!bytes.subarray(at, at + 4).equals(MAGIC)) return null;
    const start = bytes.subarray(at, at + CHECKED_BYTES), crc = bytes.readUInt32BE(at + CHECKED_BYTES);
    const kind = KINDS[start[5] - 1] ?? start[5];
    // While it searches, a HELLO may be bytes of a payload: only in place it is the other side's.
    const mayBeHello = kind === 'HELLO' && (!this.salt || !this.isSearching) && crc32(start, crc32(NO_SALT)) === crc;
    if (!mayBeHello && !(this.salt && crc32(start, crc32(this.salt)) === crc)) return null;
    const flags = start.readUInt16BE(6);
    return {version: start[4], kind, flags, id: start.readBigUInt64BE(8), length: start.readUInt32BE(16)};
  }

  brokenRule({version, kind, flags, id, length}) {
    const limit = kind === 'HELLO' ? MAX_HELLO_BYTES : this.maxPayloadBytes;
    if (version !== VERSION) return `unknown frame version: version=${version}`;
    if (!KINDS.includes(kind)) return `unknown kind: kind=${kind}`;
    if (flags & ~(FLAGS[kind] ?? PAYLOAD_CRC)) return `a flag that may not be: kind=${kind}, flags=${flags}`;
    if (length > limit) return `payload over the limit: payloadBytes=${length}, maxPayloadBytes=${limit}`;
    return id && WITHOUT_ID.includes(kind) ? `request id where none may be: kind=${kind}` : null;
  }

  /** Tells of a frame whose bytes are all there; returns where to go on. */
  whole({kind, flags, id, length}, bytes, at, end) {
    const behind = at + HEADER_BYTES, payload = bytes.subarray(behind, behind + length);
    const isDamaged = Boolean(flags & PAYLOAD_CRC) && crc32(payload) !== bytes.readUInt32BE(end - 4);
    if (isDamaged && !this.mayCarryJunk) return this.violate('payload does not fit its CRC', at);
    this.damagedInARow = isDamaged ? this.damagedInARow + 1 : 0;
    if (this.damagedInARow > MAX_DAMAGED) return this.violate('too many damaged frames in a row', at);
    this.isSearching = isDamaged;
    this.tell(isDamaged ? {damaged: kind, flags, id} : {kind, flags, id, payload});
    return isDamaged ? behind : end;
  }

  /** Passes over at least one byte, up to where a frame may begin. */
  skip(bytes, at) {
    if (!this.mayCarryJunk) return this.violate('bytes that are no frame', at);
    let next = bytes.indexOf(MAGIC, at + 1);
    if (next < 0) next = Math.max(at + 1, bytes.length - 3);
    while (!bytes.subarray(next, next + 4).equals(MAGIC.subarray(0, bytes.length - next))) next++;
    this.isSearching = true;
    this.tell({junk: bytes.subarray(at, next)});
    return next;
  }

  violate(violation, at) {
    this.isBroken = true;
    this.tell({violation});
    return at;
  }
}

/** Parses a body, more strictly than JSON.parse (section 9). An integer becomes a BigInt: exact, and 1.0 is none. */
function parse(body, maxDepth = MAX_DEPTH) {
  const json = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(body), around = [];
  JSON.parse(json); // throws where the grammar is broken: what follows relies on it
  const marked = json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d[-+.\deE]*|[[\]{}]/g, (word, colon) => {
    if (word === '}' || word === ']') around.pop();
    if (word === '{' || word === '[') around.push(new Set());
    if (around.length > maxDepth) throw new SyntaxError(`nested too deep: maxDepth=${maxDepth}`);
    if (colon) refuseTwice(around[around.length - 1], JSON.parse(word.slice(0, -colon.length)));
    return /^-?\d{1,19}$/.test(word) ? `{"\\u0000":"${word}"}` : word;
  });
  return JSON.parse(marked, (_, value) => (value?.['\0'] === undefined ? value : BigInt(value['\0'])));
}

function refuseTwice(names, name) {
  if (names.has(name)) throw new SyntaxError(`doubled name: name=${name}`);
  names.add(name);
}

/** Writes a value as JSON. */
function json(value) {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`no number in JSON: ${value}`);
  if (Buffer.isBuffer(value)) return `"${value.toString('base64')}"`;
  if (Array.isArray(value)) return `[${value.map(json)}]`;
  if (value instanceof Map) return json(Object.fromEntries(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  return `{${Object.keys(value).map(name => `${JSON.stringify(name)}:${json(value[name])}`)}}`;
}

/** A type of fields is a function from what was parsed to the value; it throws where `read` returns undefined. */
function type(expected, read, mayBeNull = true) {
  return (found = null) => {
    const value = mayBeNull && found === null ? null : read(found);
    const name = found === null ? 'null' : Array.isArray(found) ? 'array' : typeof found;
    if (value === undefined) throw new TypeError(`expected ${expected}, found ${name}`);
    return value;
  };
}

/** Reads what stands in a field; an error names the way to it. */
function inField(name, read, found) {
  try {
    return read(found);
  } catch (error) {
    throw new TypeError(`field ${name}: ${error.message}`);
  }
}

const isObject = found => typeof found === 'object' && found !== null && !Array.isArray(found);
const text = type('text', found => (typeof found === 'string' ? found : undefined));
const boolean = type('boolean', found => (typeof found === 'boolean' ? found : undefined), false);
const number = type('finite number', found => {
  const value = /number|bigint/.test(typeof found) ? Number(found) : NaN;
  return Number.isFinite(value) ? value : undefined;
}, false);
/** An integer; as a BigInt if it may have more than 53 bits. */
const integer = bits => type(`integer of ${bits} bits`, found => {
  const fits = typeof found === 'bigint' && BigInt.asIntN(bits, found) === found;
  return fits ? (bits > 53 ? found : Number(found)) : undefined;
}, false);
const bytes = type('base64 text', found => {
  const value = typeof found === 'string' ? Buffer.from(found, 'base64') : null;
  return value?.toString('base64') === found ? value : undefined;
});
const oneOf = (...names) => type(`one of ${names.join(', ')}`, found => (names.includes(found) ? found : undefined));
const list = of => type('array', found => (Array.isArray(found)
  ? found.map((one, i) => inField(i, of, one)) : undefined));
const map = of => type('object', found => (isObject(found)
  ? new Map(Object.keys(found).map(key => [key, inField(key, of, found[key])])) : undefined));
const record = (fields, mayBeNull = true) => type('object', found => (isObject(found)
  ? Object.fromEntries(Object.keys(fields).map(name => [name, inField(name, fields[name], found[name])])) : undefined),
mayBeNull);
const message = (name, fields) => ({name, read: record(fields, false)});

module.exports = {
  Decoder, MERGED, NO_SALT, PAYLOAD_CRC, VERSION, WANT_PROGRESS, WANT_STARTED, crc32, frame, json, parse,
  boolean, bytes, integer, list, map, message, number, oneOf, record, text, type,
};
