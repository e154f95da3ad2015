/** What stays in memory, and what makes room. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { KeptValues } from './kept-values.ts';

const random = seededRandom(announceSeed());

function keptWithin(limitBytes: number) {
  const forgotten: string[] = [];
  const kept = new KeptValues<string>(limitBytes, async (value) => void forgotten.push(value));
  return { kept, forgotten };
}

test('what was not used for longest makes room', async () => {
  const { kept, forgotten } = keptWithin(10);
  await kept.keep('a', 'A', 4);
  await kept.keep('b', 'B', 4);
  assert.equal(kept.use('a'), 'A');
  await kept.keep('c', 'C', 5);
  assert.deepEqual(forgotten, ['B']);
  assert.deepEqual([kept.use('a'), kept.use('b'), kept.use('c')], ['A', undefined, 'C']);
  assert.equal(kept.bytes, 9);
});

test('a limit is filled to its last byte, and no further', async () => {
  const { kept, forgotten } = keptWithin(10);
  await kept.keep('a', 'A', 6);
  await kept.keep('b', 'B', 4);
  assert.deepEqual([forgotten, kept.bytes], [[], 10]);
  await kept.keep('c', 'C', 1);
  assert.deepEqual(forgotten, ['A']);
});

test('what is larger than the limit drives nothing out, and is forgotten itself', async () => {
  const { kept, forgotten } = keptWithin(10);
  await kept.keep('a', 'A', 10);
  await assert.rejects(kept.makeRoom(11), { code: 'QUEUE_MEMORY_LIMIT' });
  await assert.rejects(kept.keep('b', 'B', 11), { code: 'QUEUE_MEMORY_LIMIT' });
  assert.deepEqual(forgotten, ['B']);
  assert.equal(kept.use('a'), 'A');
});

test('room is there before it is used', async () => {
  const { kept, forgotten } = keptWithin(10);
  await kept.keep('a', 'A', 3);
  await kept.keep('b', 'B', 3);
  await kept.makeRoom(7);
  assert.deepEqual([forgotten, kept.bytes], [['A'], 3]);
});

test('the limit holds whatever is kept and used', async () => {
  const { kept, forgotten } = keptWithin(50);
  for (let i = 0; i < 300; i++) {
    const name = `${random.int(0, 12)}`;
    if (kept.use(name) === undefined) await kept.keep(name, name, random.int(1, 20));
    assert.equal(kept.use(name), name);
    assert.ok(kept.bytes <= 50);
  }
  assert.ok(forgotten.length > 0);
});
