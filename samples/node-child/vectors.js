// Holds wire.js to the golden vectors: node vectors.js DIR. Prints what passed; exits with 1 and says what did not.
'use strict';
const assert = require('assert');
const {readFileSync} = require('fs');
const {join} = require('path');
const {
  Decoder, boolean, bytes, frame, integer, json, list, map, message, number, oneOf, parse, record, text, type,
} = require('./wire.js');

/** Types that a user adds, as section 9 has them: text that has to look like something. */
const looksLike = (what, pattern, to = found => found) => type(what, found => (
  typeof found === 'string' && pattern.test(found) ? to(found) : undefined));
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const instant = type('instant', found => {
  const isDate = typeof found === 'string' && INSTANT.test(found) && !Number.isNaN(Date.parse(found));
  // Date.parse takes the 30th of February for a day of March.
  return isDate && new Date(found).toISOString().startsWith(found.slice(0, 19)) ? found : undefined;
});
const duration = looksLike('duration', /^P(?=.)(-?\d+D)?(T(?=.)(-?\d+H)?(-?\d+M)?(-?\d+(\.\d{1,9})?S)?)?$/,
  found => found.replace(/^P(\d+)DT(\d+)H/, (_, days, hours) => `PT${24 * days + Number(hours)}H`));
const uuid = looksLike('uuid', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, found => found.toLowerCase());
const Everything = message('Everything', {
  text, flag: boolean, count: integer(32), big: integer(64), ratio: number, data: bytes, colour: oneOf('RED', 'GREEN'),
  at: instant, took: duration, id: uuid, tags: list(text), sizes: map(integer(32)),
  inner: record({name: text, value: integer(32)}), host: text, rule: text, bits: bytes,
});

function decode(vector, salt, pieces) {
  const events = [];
  const decoder = new Decoder(({kind, damaged, junk, violation, flags, id, payload}) => {
    const head = {kind: kind ?? damaged, flags, id: id?.toString(16).padStart(16, '0')};
    const last = events[events.length - 1];
    if (violation) events.push({violation: true});
    else if (junk && last?.junk) last.junk += junk.toString('hex');
    else if (junk) events.push({junk: junk.toString('hex')});
    else if (damaged) events.push({damaged: head});
    else events.push({frame: {...head, payload: payload.toString('hex')}});
  }, vector.maxPayloadBytes ?? 1 << 24, vector.mayCarryJunk ?? true);
  decoder.salt = salt;
  pieces.forEach(piece => decoder.feed(piece));
  if (vector.end) decoder.end();
  return events;
}

const unhex = digits => Buffer.from(digits, 'hex');

function frames(vector) {
  const {kind, flags, id, payload, salt} = vector, isHello = kind === 'HELLO';
  assert.equal(frame(unhex(salt), kind, flags, BigInt(`0x${id}`), unhex(payload)).toString('hex'), vector.bytes);
  const events = decode(vector, isHello ? null : unhex(salt), [unhex(vector.bytes)]);
  assert.deepEqual(events, [{frame: {kind, flags, id, payload}}]);
}

function streams(vector) {
  const all = unhex(vector.bytes), salt = vector.salt && unhex(vector.salt);
  const holds = (pieces, how) => assert.deepEqual(decode(vector, salt, pieces), vector.events, how);
  holds([...all].map(byte => Buffer.of(byte)), 'byte by byte');
  for (let at = 0; at <= all.length; at++) holds([all.subarray(0, at), all.subarray(at)], `cut at ${at}`);
}

const again = body => json(Everything.read(parse(Buffer.from(body))));
const good = ({json: given, again: expected = given}) => assert.deepEqual(
  Everything.read(parse(Buffer.from(again(json(given))))), Everything.read(expected));
const bad = ({text: given}) => assert.throws(() => again(given));

function run(name, vectors, holds) {
  assert(vectors.length > 20, `no vectors: name=${name}`);
  for (const vector of vectors) {
    try {
      holds(vector);
    } catch (error) {
      console.error(`${name}: ${vector.name}: ${error.message}`);
      process.exitCode = 1;
    }
  }
  return `${name}=${vectors.length}`;
}

const file = name => readFileSync(join(process.argv[2], name));
// JSON.parse would round the integers beyond 2^53 that the values are about.
const values = parse(file('json.json'), 100);
console.log(run('frames', JSON.parse(file('frames.json')), frames));
console.log(run('streams', JSON.parse(file('streams.json')), streams));
console.log(run('good', values.good, good));
console.log(run('bad', values.bad, bad));
