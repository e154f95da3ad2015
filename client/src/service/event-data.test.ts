import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventData } from './event-data.ts';

const NEVER = 60_000;

function streamOf(parts: readonly string[], ends = true): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      if (ends) controller.close();
    },
  });
}

async function dataIn(parts: readonly string[], idleMs = NEVER): Promise<string[]> {
  const all: string[] = [];
  for await (const data of eventData(streamOf(parts), idleMs)) all.push(data);
  return all;
}

test('events end with an empty line, whatever ends lines', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = ['data: one', '', 'data:two', 'data: lines', '', ''].join(end);
    assert.deepEqual(await dataIn([text]), ['one', 'two\nlines']);
  }
});

test('events come in pieces, in the middle of characters too', async () => {
  const bytes = new TextEncoder().encode('data: é\n\ndata: 2\n\n');
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const all: string[] = [];
  for await (const data of eventData(stream, NEVER)) all.push(data);
  assert.deepEqual(all, ['é', '2']);
});

test('comments and other fields are passed over, an event that is cut off is dropped', async () => {
  const text = ': alive\n\nevent: job\nid: 7\ndata: {}\n\nretry: 5\n\ndata: cut';
  assert.deepEqual(await dataIn([text]), ['{}']);
});

test('a stream that goes quiet, or never ends an event, is given up and closed', async () => {
  let cancelled = 0;
  const quiet = new ReadableStream<Uint8Array>({ cancel: () => void cancelled++ });
  await assert.rejects(eventData(quiet, 5).next(), { code: 'CLIENT_STREAM_IDLE' });
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(65)),
    cancel: () => void cancelled++,
  });
  await assert.rejects(eventData(endless, NEVER).next(), { code: 'CLIENT_STREAM_TOO_LARGE' });
  assert.equal(cancelled, 2);
});

test('who has heard enough closes the stream', async () => {
  const events = eventData(streamOf(['data: 1\n\ndata: 2\n\n'], false), NEVER);
  for await (const data of events) {
    assert.equal(data, '1');
    break;
  }
  assert.deepEqual(await events.next(), { done: true, value: undefined });
});
