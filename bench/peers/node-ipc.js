// The IPC of Node's child_process, as fork() sets it up: node node-ipc.js roundtrip | pipelined WINDOW
const { fork, execFileSync } = require('child_process');
const readline = require('readline');

const millis = Number(process.env.BENCH_MILLIS || 200);
const CHECK_EVERY = 64;

if (process.argv[2] === 'child') {
  process.on('message', (ask) => process.send({ id: ask.id, number: ask.number }));
} else {
  main(process.argv[2], Number(process.argv[3] || 1));
}

async function main(what, window) {
  const child = fork(__filename, ['child']);
  const measure = what === 'roundtrip' ? () => roundTrip(child) : () => pipelined(child, window);
  for (let turn = 0; turn < 10; turn++) await measure();
  if (pin(child)) await measure();
  console.log('READY');
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(await measure());
  }
  child.disconnect();
}

function pin(child) {
  const core = process.env.BENCH_CORE;
  if (!core) return false;
  execFileSync('taskset', ['-a', '-c', '-p', process.env.BENCH_CHILD_CORE, String(child.pid)]);
  execFileSync('taskset', ['-a', '-c', '-p', core, String(process.pid)]);
  return true;
}

/** One message after the other; the median in microseconds. */
function roundTrip(child) {
  return new Promise((done) => {
    const times = [];
    const end = performance.now() + millis;
    let start = performance.now();
    const next = () => {
      start = performance.now();
      child.send({ id: times.length, number: 1 });
    };
    const heard = () => {
      const now = performance.now();
      times.push(now - start);
      if (now < end) {
        next();
      } else {
        child.off('message', heard);
        times.sort((a, b) => a - b);
        done(times[times.length >> 1] * 1000);
      }
    };
    child.on('message', heard);
    next();
  });
}

/** Keeps so many messages open; answers a second. */
function pipelined(child, window) {
  return new Promise((done) => {
    const begin = performance.now();
    let sent = 0;
    let heardOf = 0;
    let isOver = false;
    const next = () => child.send({ id: sent++, number: 1 });
    const heard = () => {
      heardOf++;
      if (heardOf % CHECK_EVERY === 0 && performance.now() - begin >= millis) isOver = true;
      if (!isOver) {
        next();
      } else if (heardOf === sent) {
        child.off('message', heard);
        done((heardOf * 1000) / (performance.now() - begin));
      }
    };
    child.on('message', heard);
    for (let at = 0; at < window; at++) next();
  });
}
