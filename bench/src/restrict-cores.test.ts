import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, platform } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseCoreList, restrictCores } from './restrict-cores.ts';

test('lists of cores are read as Linux writes them', () => {
  assert.deepEqual(parseCoreList('0'), [0]);
  assert.deepEqual(parseCoreList('0-2,5,8-9'), [0, 1, 2, 5, 8, 9]);
});

test('what is started afterwards has as many cores as were asked for', async (t) => {
  if (platform() !== 'linux' || availableParallelism() < 2) return t.skip('one core, or no Linux');
  const child = fork(fileURLToPath(new URL('./testing/restricted-process.js', import.meta.url)));
  const [cores] = (await once(child, 'message')) as [number];
  assert.equal(cores, 1);
});

test('as many cores as there are is no restriction', () => {
  const before = availableParallelism();
  restrictCores(undefined);
  restrictCores(before);
  assert.equal(availableParallelism(), before);
});
