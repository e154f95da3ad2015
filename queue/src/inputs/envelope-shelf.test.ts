import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEnvelope, type Envelope } from '@zkinfer/core';
import { DirectoryBlobStore } from '../artifacts/directory-blob-store.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { EnvelopeShelf, type EnvelopeShelfOptions } from './envelope-shelf.ts';

const folder = await mkdtemp(join(tmpdir(), 'zkinfer-shelf-'));
after(() => rm(folder, { recursive: true, force: true }));
const blobs = new DirectoryBlobStore(folder);
const FULL = { code: 'QUEUE_SHELF_FULL' };

const envelopeOf = (word: bigint, modelDigest = 'ab'.repeat(32)): Envelope => ({
  version: 1,
  modelDigest,
  words: [word],
  inputSalt: 7n,
});

async function openShelf(more: Partial<EnvelopeShelfOptions> = {}) {
  const options = { store: new MemoryStore(), blobs, ...more };
  return { shelf: await EnvelopeShelf.open(options), options };
}

async function found(shelf: EnvelopeShelf, inputHash: bigint, modelDigest = 'ab'.repeat(32)) {
  const blob = await shelf.find(inputHash, modelDigest);
  if (blob === undefined) return undefined;
  return decodeEnvelope(new TextDecoder().decode(await blobs.get(blob)));
}

test('behavior: an envelope is found by hash and model, also after a restart', async () => {
  const { shelf, options } = await openShelf();
  assert.equal(await shelf.keep(5n, envelopeOf(1n)), 'zkinfer:input/5');
  for (const opened of [shelf, await EnvelopeShelf.open(options)]) {
    assert.deepEqual(await found(opened, 5n), envelopeOf(1n));
    assert.equal(await found(opened, 6n), undefined);
    assert.equal(await found(opened, 5n, 'cd'.repeat(32)), undefined);
  }
});

test('behavior: two models of one shape may have the same words', async () => {
  const { shelf } = await openShelf();
  const other = 'cd'.repeat(32);
  await shelf.keep(5n, envelopeOf(1n));
  await shelf.keep(5n, envelopeOf(1n, other));
  assert.equal((await found(shelf, 5n))?.modelDigest, 'ab'.repeat(32));
  assert.equal((await found(shelf, 5n, other))?.modelDigest, other);
});

test('behavior: no more are kept than allowed, the same again is no more', async () => {
  const { shelf, options } = await openShelf({ mostEnvelopes: 2 });
  await Promise.all([1n, 2n, 1n, 2n, 1n].map((n) => shelf.keep(n, envelopeOf(n)).catch(() => {})));
  await shelf.keep(1n, envelopeOf(1n));
  await shelf.keep(2n, envelopeOf(2n));
  await assert.rejects(shelf.keep(3n, envelopeOf(3n)), FULL);
  const reopened = await EnvelopeShelf.open(options);
  await assert.rejects(reopened.keep(3n, envelopeOf(3n)), FULL);
  await shelf.keep(2n, envelopeOf(2n));
});

test('error: many at once do not pass the limit together', async () => {
  const { shelf } = await openShelf({ mostEnvelopes: 3 });
  const kept = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) => shelf.keep(BigInt(i), envelopeOf(BigInt(i)))),
  );
  assert.equal(kept.filter(({ status }) => status === 'fulfilled').length, 3);
});

test('error: no more bytes are kept than allowed, and a failed write takes no room', async () => {
  const failing = { ...blobs, put: () => Promise.reject(new Error('no disk')), get: blobs.get };
  const { shelf: unlucky } = await openShelf({ mostEnvelopes: 1, blobs: failing });
  await assert.rejects(unlucky.keep(1n, envelopeOf(1n)), /no disk/);
  await assert.rejects(unlucky.keep(1n, envelopeOf(1n)), /no disk/);
  const { shelf } = await openShelf({ mostBytes: 300 });
  await shelf.keep(1n, envelopeOf(1n));
  await assert.rejects(shelf.keep(2n, envelopeOf(10n ** 76n, 'ef'.repeat(32))), FULL);
});

test('behavior: old ones are forgotten and make room, those given again are not', async () => {
  const { shelf } = await openShelf({ mostEnvelopes: 2 });
  await shelf.keep(1n, envelopeOf(1n));
  await shelf.keep(2n, envelopeOf(2n));
  await sleep(60);
  await shelf.keep(2n, envelopeOf(2n));
  assert.equal(await shelf.prune({ olderThanMs: 50 }), 1);
  assert.equal(await found(shelf, 1n), undefined);
  assert.deepEqual(await found(shelf, 2n), envelopeOf(2n));
  await shelf.keep(3n, envelopeOf(3n));
  const held: string[] = [];
  for await (const blob of shelf.blobs()) held.push(blob);
  const expected = [await shelf.find(2n, 'ab'.repeat(32)), await shelf.find(3n, 'ab'.repeat(32))];
  assert.deepEqual(held, expected);
});
