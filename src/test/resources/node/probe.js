// A child that does what it is asked to, for NodeChildTest; run from the top of the repository.
'use strict';
const path = require('path');
const {LogMessage, Session} = require(path.resolve('samples/node-child/child.js'));
const {integer, message, text} = require(path.resolve('samples/node-child/wire.js'));

const Ask = message('NodeChildTest.Ask', {what: text, number: integer(64)});
const Answer = message('NodeChildTest.Answer', {what: text, number: integer(64)});
const Odd = message('NodeChildTest.Odd', {what: integer(32)});
const Unheard = message('NodeChildTest.Unheard', {what: text});

async function main() {
  const session = await Session.stdio(Ask, Answer, Odd, Unheard);
  const say = words => session.notify(LogMessage, {message: words, level: 'INFO'});
  const until = signal => new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
  const deeds = {
    print() {
      process.stdout.write('written without a line break');
      console.log(' and logged');
      require('child_process').execSync('echo by a grandchild >&2');
    },
    async wait(call) {
      say('waiting');
      try {
        await until(call.signal);
      } finally {
        say(`told: ${call.signal.reason.message}`);
      }
    },
    progress(call) {
      for (let i = 0; i < 3; i++) call.progress(LogMessage, {message: `step ${i}`, level: 'INFO'});
    },
    flood(call) {
      for (let i = 0; i < 100; i++) call.progress(LogMessage, {message: `${i} ${'x'.repeat(1 << 16)}`, level: 'INFO'});
    },
    fail() {
      throw new RangeError('out of bounds');
    },
    failAtLength() {
      throw new Error(`long ${'x'.repeat(1 << 17)}`);
    },
    async linger(call) {
      say('lingering');
      await until(call.signal).catch(() => {});
    },
    tooLarge() {
      return {what: 'x'.repeat(17 << 20), number: 1};
    },
    fraction() {
      return {what: 'a', number: NaN};
    },
  };
  session.onRequest(Ask, Answer, async ({what, number}, call) => (
    await deeds[what]?.(call) ?? {what, number: number + 1n}));
  session.onCall('add', (one, two) => one + two);
  session.onCall('echo', async (...values) => values.slice(0, -1));
  session.onCall('nothing', () => {});
  session.onCall('refuse', () => { throw new RangeError('out of bounds'); });
  session.onRequest(Odd, Answer, () => null);
  session.onMessage(Ask, () => { throw new Error('never harms the session'); });
  session.serve();
}

main();
