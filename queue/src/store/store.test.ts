/** What every store must do, run on LevelDB and on its twin in memory. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { MemoryStore } from '../testing/memory-store.ts';
import { LevelStore } from './level-store.ts';
import { ABSENT, type ListOptions, type Store, type StoreOperation } from './store.ts';

const seed = announceSeed();
const folder = await mkdtemp(join(tmpdir(), 'zkinfer-store-'));
let opened = 0;
after(() => rm(folder, { recursive: true }));

const KINDS: Readonly<Record<string, () => Promise<Store>>> = {
  level: () => LevelStore.open(join(folder, String(opened++))),
  memory: async () => new MemoryStore(),
};

async function keysOf(store: Store, prefix: string, options?: ListOptions): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, options)) keys.push(key);
  return keys;
}

function randomOperations(random: ReturnType<typeof seededRandom>): StoreOperation[] {
  return Array.from({ length: random.int(1, 4) }, () => {
    const key = random.pick(['a', 'a/b', 'b', 'b/c', 'c']);
    const ifVersion = random.pick([undefined, undefined, ABSENT, random.int(1, 40)]);
    if (random.boolean(0.1)) return { type: 'check', key, ifVersion: ifVersion ?? ABSENT };
    const condition = ifVersion === undefined ? {} : { ifVersion };
    if (random.boolean(0.3)) return { type: 'delete', key, ...condition };
    return { type: 'put', key, value: random.int(0, 99), ...condition };
  });
}

for (const [name, open] of Object.entries(KINDS)) {
  let store: Store;
  before(async () => {
    store = await open();
  });
  after(() => store.close());

  test(`${name}: gives back what was put, and nothing for a key that was not`, async () => {
    const value = { list: [1, 'two', null, true], inner: { ключ: -0.5 } };
    await store.commit([{ type: 'put', key: 'value', value }]);
    assert.deepEqual((await store.get('value'))?.value, value);
    assert.equal(await store.get('valu'), undefined);
  });

  test(`${name}: puts if absent, once`, async () => {
    assert.equal(await store.putIfAbsent('once', 1), true);
    assert.equal(await store.putIfAbsent('once', 2), false);
    assert.equal((await store.get('once'))?.value, 1);
  });

  test(`${name}: of many at once that put if absent, one does`, async () => {
    const tries = Array.from({ length: 50 }, (_, i) => store.putIfAbsent('race', i));
    const won = (await Promise.all(tries)).filter(Boolean);
    assert.equal(won.length, 1);
  });

  test(`${name}: compares and sets by version, not by value`, async () => {
    await store.commit([{ type: 'put', key: 'cas', value: 1 }]);
    const first = (await store.get('cas'))!;
    assert.equal(await store.compareAndSet('cas', first.version, 2), true);
    assert.equal(await store.compareAndSet('cas', first.version, 3), false);
    assert.equal((await store.get('cas'))?.value, 2);
  });

  test(`${name}: a key that was deleted and put again has a version of its own`, async () => {
    await store.commit([{ type: 'put', key: 'again', value: 1 }]);
    const first = (await store.get('again'))!;
    await store.commit([{ type: 'delete', key: 'again' }]);
    await store.commit([{ type: 'put', key: 'again', value: 1 }]);
    assert.equal(await store.compareAndSet('again', first.version, 2), false);
  });

  test(`${name}: a commit takes place as a whole, or not at all`, async () => {
    const put = (key: string, ifVersion?: number): StoreOperation =>
      ifVersion === undefined
        ? { type: 'put', key, value: 1 }
        : { type: 'put', key, value: 1, ifVersion };
    const refused = await store.commit([put('whole/1'), put('whole/2', 7)]);
    assert.deepEqual(refused, { committed: false, conflict: 'whole/2' });
    assert.deepEqual(await keysOf(store, 'whole/'), []);
    const accepted = await store.commit([put('whole/1'), put('whole/2', ABSENT)]);
    assert.equal(accepted.committed, true);
    assert.deepEqual(await keysOf(store, 'whole/'), ['whole/1', 'whole/2']);
  });

  test(`${name}: a check alone guards a commit`, async () => {
    await store.commit([{ type: 'put', key: 'guard', value: 1 }]);
    const { version } = (await store.get('guard'))!;
    const guarded: StoreOperation[] = [
      { type: 'check', key: 'guard', ifVersion: version },
      { type: 'put', key: 'guarded', value: 1 },
    ];
    assert.equal((await store.commit(guarded)).committed, true);
    await store.commit([{ type: 'put', key: 'guard', value: 1 }]);
    assert.equal((await store.commit(guarded)).committed, false);
  });

  test(`${name}: lists a prefix in order, from a key on, so many, backwards`, async () => {
    for (const key of ['l/b', 'l/a', 'l/c~', 'l/d', 'm', 'l']) await store.putIfAbsent(key, key);
    assert.deepEqual(await keysOf(store, 'l/'), ['l/a', 'l/b', 'l/c~', 'l/d']);
    assert.deepEqual(await keysOf(store, 'l/c'), ['l/c~']);
    assert.deepEqual(await keysOf(store, 'l/', { after: 'l/a', limit: 2 }), ['l/b', 'l/c~']);
    const before = await keysOf(store, 'l/', { after: 'l/c~', reverse: true });
    assert.deepEqual(before, ['l/b', 'l/a']);
    assert.ok((await keysOf(store, '')).includes('m'));
  });

  test(`${name}: what is changed after a commit or a read changes nothing`, async () => {
    const value = { list: [1] };
    const commit = store.commit([{ type: 'put', key: 'copy', value }]);
    value.list.push(2);
    await commit;
    const read = (await store.get('copy'))!.value as { list: number[] };
    assert.deepEqual(read, { list: [1] });
    read.list.push(3);
    assert.deepEqual((await store.get('copy'))?.value, { list: [1] });
  });

  for (const key of ['', 'line\n', 'ключ', '\u007f']) {
    test(`${name}: refuses the key ${JSON.stringify(key)}`, async () => {
      const put = store.commit([{ type: 'put', key, value: 1 }]);
      await assert.rejects(put, { code: 'QUEUE_STORE_KEY' });
    });
  }

  test(`${name}: closed, it neither reads nor writes; closing twice does no harm`, async () => {
    const closed = await open();
    const last = closed.putIfAbsent('last', 1);
    await closed.close();
    await closed.close();
    assert.equal(await last, true);
    await assert.rejects(closed.get('last'), { code: 'QUEUE_STORE_CLOSED' });
    await assert.rejects(closed.putIfAbsent('more', 1), { code: 'QUEUE_STORE_CLOSED' });
    await assert.rejects(keysOf(closed, ''), { code: 'QUEUE_STORE_CLOSED' });
  });
}

test('both decide the same random commits alike, alone and many at once', async () => {
  const random = seededRandom(seed);
  const [level, memory] = [await KINDS.level!(), await KINDS.memory!()];
  for (let round = 0; round < 60; round++) {
    const group = Array.from({ length: random.int(1, 5) }, () => randomOperations(random));
    const results = await Promise.all(group.map((operations) => level.commit(operations)));
    for (const [i, operations] of group.entries()) {
      assert.deepEqual(results[i], await memory.commit(operations));
    }
  }
  for await (const { key, ...stored } of memory.list('')) {
    assert.deepEqual(await level.get(key), stored);
  }
  assert.deepEqual(await keysOf(level, ''), await keysOf(memory, ''));
  await level.close();
});
