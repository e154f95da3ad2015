import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { LevelStore } from './level-store.ts';

const random = seededRandom(announceSeed());
const WRITER = new URL('../testing/store-writer-process.js', import.meta.url);
const folder = await mkdtemp(join(tmpdir(), 'zkinfer-level-'));
after(() => rm(folder, { recursive: true }));

/** A process that commits {a: n, b: n} without end, killed in the middle; the last n it had confirmed. */
async function writeUntilKilled(directory: string): Promise<number> {
  const writer = fork(WRITER, [directory]);
  let confirmed = 0;
  writer.on('message', (n) => {
    confirmed = Number(n);
  });
  await once(writer, 'message');
  await sleep(random.int(1, 120));
  writer.kill('SIGKILL');
  await once(writer, 'close');
  return confirmed;
}

test('killed in the middle of commits, it keeps what it had confirmed and no half commit', async () => {
  const directory = join(folder, 'killed');
  for (let round = 0; round < 4; round++) {
    const confirmed = await writeUntilKilled(directory);
    const store = await LevelStore.open(directory);
    const [a, b] = [await store.get('a'), await store.get('b')];
    assert.deepEqual(a, b);
    assert.ok(Number(a?.value) >= confirmed, `lost ${confirmed}, has ${a?.value}`);
    await store.close();
  }
});

test('opened again, it goes on with greater versions', async () => {
  const directory = join(folder, 'again');
  const first = await LevelStore.open(directory);
  await first.putIfAbsent('key', 1);
  const { version } = (await first.get('key'))!;
  await first.commit([{ type: 'delete', key: 'key' }]);
  await first.close();
  const second = await LevelStore.open(directory);
  await second.putIfAbsent('key', 1);
  assert.ok((await second.get('key'))!.version > version + 1);
  await second.close();
});

test('a directory that is open already is refused', async () => {
  const directory = join(folder, 'locked');
  const store = await LevelStore.open(directory);
  await assert.rejects(LevelStore.open(directory), { code: 'QUEUE_STORE_LOCKED' });
  await store.close();
});

test('a directory that cannot be made is refused', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await assert.rejects(LevelStore.open(join(file, 'store')), { code: 'QUEUE_STORE_FAILED' });
});

test('a damaged directory is refused', async () => {
  const directory = join(folder, 'damaged');
  await (await LevelStore.open(directory)).close();
  await writeFile(join(directory, 'CURRENT'), 'MANIFEST');
  await assert.rejects(LevelStore.open(directory), { code: 'QUEUE_STORE_CORRUPT' });
});
