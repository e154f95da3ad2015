import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { test } from 'node:test';
import type { JobView } from '@zkinfer/core/service';
import { UpdateStream } from './update-stream.ts';

/** More than the sockets of a connection hold. */
const LARGE = 'x'.repeat(12_000_000);

const update = (number: number, text = '', isLast = false) => ({
  number,
  view: { id: `${number}`, text } as unknown as JobView,
  isLast,
});

/** A stream whose reader is a socket that takes nothing until it is resumed. */
async function withStream(
  heartbeatMs: number,
  run: (stream: UpdateStream, response: ServerResponse, socket: Socket) => Promise<void>,
): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {}).pause();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  const stream = new UpdateStream(response, heartbeatMs, async () => true);
  await run(stream, response, socket);
  socket.destroy();
  server.close();
}

/** The numbers of the events that arrive until the stream ends. */
async function readNumbers(socket: Socket): Promise<number[]> {
  let text = '';
  socket.setEncoding('latin1');
  for await (const chunk of socket) {
    text += (chunk as string).replace(/x+/g, '');
    if (text.endsWith('0\r\n\r\n')) break;
  }
  return [...text.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number));
}

test('a slow reader misses steps, never the last one, and costs one event of memory', async () => {
  await withStream(60_000, async (stream, response, socket) => {
    for (let number = 1; number < 50; number++) stream.send(update(number, LARGE));
    assert.ok(response.writableLength < 2 * LARGE.length);
    stream.send(update(50, '', true));
    assert.deepEqual(await readNumbers(socket), [1, 50]);
  });
});

test('a reader that takes nothing for four heartbeats is cut', async () => {
  await withStream(20, async (stream, response) => {
    stream.send(update(1, LARGE));
    await once(response, 'close');
    assert.equal(response.destroyed, true);
  });
});

test('what is older than what was sent is dropped', async () => {
  await withStream(60_000, async (stream, _, socket) => {
    for (const number of [3, 2, 3, 1]) stream.send(update(number));
    stream.send(update(4, '', true));
    stream.send(update(5));
    assert.deepEqual(await readNumbers(socket), [3, 3, 4]);
  });
});
