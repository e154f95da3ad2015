import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInteger } from '@zkinfer/core';
import { MemoryStore } from '../testing/memory-store.ts';
import { type RecordKind, Records } from './records.ts';

/** Counts; the first form held them as text. */
const COUNTS: RecordKind<number> = {
  name: 'count',
  form: 2,
  write: (count) => ({ count }),
  read(data, path, form) {
    const { count } = data as { count: unknown };
    return readInteger(form === 1 ? Number(count) : count, `${path}.count`);
  },
};

test('a record is read as it was written, under its condition', async () => {
  const store = new MemoryStore();
  const counts = new Records(store, COUNTS);
  await store.commit([counts.put('x', 1, 0)]);
  const stored = (await counts.get('x'))!;
  assert.equal(stored.record, 1);
  assert.equal((await store.commit([counts.put('x', 2, 0)])).committed, false);
  assert.equal((await store.commit([counts.put('x', 2, stored.version)])).committed, true);
  assert.equal((await store.commit([counts.delete('x', stored.version)])).committed, false);
  assert.equal(await counts.get('y'), undefined);
});

test('lists its kind alone, in the order of ids', async () => {
  const store = new MemoryStore();
  const counts = new Records(store, COUNTS);
  const other = new Records(store, { ...COUNTS, name: 'counts' });
  await store.commit([
    counts.put('b', 2),
    counts.put('a', 1),
    counts.put('c', 3),
    other.put('a', 9),
  ]);
  const ids: string[] = [];
  for await (const { id } of counts.list('', { after: 'a' })) ids.push(id);
  assert.deepEqual(ids, ['b', 'c']);
});

test('an older form is brought up to date', async () => {
  const store = new MemoryStore();
  await store.putIfAbsent('count/old', { form: 1, data: { count: '41' } });
  assert.equal((await new Records(store, COUNTS).get('old'))?.record, 41);
});

test('a newer form is refused', async () => {
  const store = new MemoryStore();
  await store.putIfAbsent('count/new', { form: 3, data: { count: 1 } });
  await assert.rejects(new Records(store, COUNTS).get('new'), { code: 'QUEUE_RECORD_FORM' });
});

for (const value of [
  7,
  null,
  {},
  { form: 2 },
  { form: 0, data: { count: 1 } },
  { form: 2, data: { count: 'x' } },
]) {
  test(`data of another shape is refused: ${JSON.stringify(value)}`, async () => {
    const store = new MemoryStore();
    await store.putIfAbsent('count/bad', value);
    await assert.rejects(new Records(store, COUNTS).get('bad'), { code: 'QUEUE_RECORD_MALFORMED' });
  });
}
