import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { type HttpFixture, removeModels, startHttpFixture } from './testing/http-fixture.ts';

let fixture: HttpFixture;
before(async () => {
  fixture = await startHttpFixture({
    limits: { headersTimeoutMs: 100, requestTimeoutMs: 200, connections: 3 },
  });
});
after(async () => {
  await fixture.close();
  await removeModels();
});

/** Sends some bytes and then nothing more; what came back when the service had enough. */
function sendPart(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(fixture.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {}).on('close', () => resolve(answer));
    socket.write(text);
  });
}

test('headers that do not end are cut off', async () => {
  assert.match(await sendPart('GET /healthz HTTP/1.1\r\nHost: x\r\nA: '), /^HTTP\/1\.1 408 /);
});

test('a body that does not end is cut off', async () => {
  const head = [
    'POST /v1/jobs HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${fixture.keyOf.client}`,
    'Content-Type: application/json',
    'Content-Length: 1000',
  ];
  const answer = await sendPart(`${head.join('\r\n')}\r\n\r\n{"modelDigest":`);
  assert.match(answer, /^HTTP\/1\.1 408 /);
});

test('what is no HTTP, and headers that are too large, are refused and closed', async () => {
  assert.match(await sendPart('EHLO mail.example\r\n\r\n'), /^HTTP\/1\.1 400 /);
  const large = `GET /healthz HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(40_000)}\r\n\r\n`;
  assert.match(await sendPart(large), /^HTTP\/1\.1 431 /);
  const twice =
    'POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n';
  assert.match(await sendPart(twice), /^HTTP\/1\.1 400 /);
});

test('connections are so many, and no more', async () => {
  const port = Number(new URL(fixture.url).port);
  const sockets = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  await Promise.race(closed);
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
});
