/** Which child of a pool does what. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { SILENT_LOGGER } from '@zkinfer/core';
import { ChildPool } from './child-pool.ts';
import type { SupervisedChild } from './supervised-child.ts';

const ECHO = new URL('../testing/echo-child.js', import.meta.url);

const opened: ChildPool[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((pool) => pool.close()));
});

function echoPool(size: number): ChildPool {
  const options = { script: ECHO, name: 'echo', logger: SILENT_LOGGER, abortGraceMs: 20 };
  const pool = new ChildPool(size, options);
  opened.push(pool);
  return pool;
}

const processId = (child: SupervisedChild) => child.call<number>('processId', undefined);

test('children are begun only when all that run are busy', async () => {
  const pool = echoPool(3);
  const first = await pool.use('a', processId);
  assert.equal(await pool.use('b', processId), first);
  const running = pool.children.filter((child) => child.processId !== undefined);
  assert.equal(running.length, 1);
});

test('work goes to the child that did the like last, or waits for any', async () => {
  const pool = echoPool(2);
  const [a, b] = await Promise.all([pool.use('a', processId), pool.use('b', processId)]);
  assert.notEqual(a, b);
  assert.equal(await pool.use('b', processId), b);
  assert.equal(await pool.use('a', processId), a);
  const ids = await Promise.all(['a', 'b', 'c', 'd'].map((key) => pool.use(key, processId)));
  assert.deepEqual(new Set(ids), new Set([a, b]));
});

test('a child has one task at a time: killing it harms no other', async () => {
  const pool = echoPool(2);
  const signal = AbortSignal.timeout(50);
  const stuck = pool.use('a', (child) => child.call('block', 60_000, { signal }), signal);
  const other = pool.use('b', (child) => child.call('block', 300));
  await assert.rejects(stuck, { name: 'TimeoutError' });
  assert.equal(await other, 300);
});

test('who waits for a child stops waiting at its signal, and takes none away', async () => {
  const pool = echoPool(1);
  const first = pool.use('a', (child) => child.call('block', 200));
  const impatient = pool.use('b', processId, AbortSignal.timeout(20));
  const patient = pool.use('c', processId);
  await assert.rejects(impatient, { name: 'TimeoutError' });
  await first;
  assert.equal(typeof (await patient), 'number');
});
