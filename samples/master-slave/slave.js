// A child of the master, in JavaScript: reads one file at a time and says what is in it.
'use strict';
const {createHash} = require('crypto');
const {constants, promises} = require('fs');
const {LogMessage, Session} = require('../node-child/child.js');
const {integer, message, text} = require('../node-child/wire.js');

const FileRequest = message('FileRequest', {path: text});
const FileResponse = message('FileResponse', {path: text, bytes: integer(64), lines: integer(64), sha256: text});

let files = 0;

async function answer({path}) {
  if (++files === 1) console.log('this was printed to stdout, and harms nothing');
  // Never follows a link, and never waits for the writer of a FIFO that has taken the place of the file.
  const file = await promises.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error('not a regular file any more');
    const sha256 = createHash('sha256'), buffer = Buffer.alloc(1 << 16);
    let bytes = 0, lines = 0, count;
    while ((count = (await file.read(buffer)).bytesRead) > 0) {
      const chunk = buffer.subarray(0, count);
      sha256.update(chunk);
      bytes += count;
      for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', at + 1)) lines++;
    }
    return {path, bytes, lines, sha256: sha256.digest('hex')};
  } finally {
    await file.close();
  }
}

async function main() {
  const session = await Session.stdio(FileRequest, FileResponse);
  session.onRequest(FileRequest, FileResponse, answer);
  session.onMessage(LogMessage, ({message: word}) => {
    if (word !== 'shutdown') return;
    session.notify(LogMessage, {message: `done, files=${files}`, level: 'INFO'});
    session.close();
  });
  session.notify(LogMessage, {message: `ready, pid=${process.pid}`, level: 'INFO'});
  session.serve();
}

main();
