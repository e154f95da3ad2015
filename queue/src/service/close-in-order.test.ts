import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SILENT_LOGGER } from '@zkinfer/core';
import { CloseInOrder } from './close-in-order.ts';

function setUp() {
  const closed: string[] = [];
  const failed: object[] = [];
  const logger = { ...SILENT_LOGGER, error: (fields: object) => failed.push(fields) };
  const parts = new CloseInOrder(logger);
  const add = (name: string) => parts.add(name, name, (part) => closed.push(part));
  return { closed, failed, parts, add };
}

test('parts are closed in the reverse order of their opening, once', async () => {
  const { closed, parts, add } = setUp();
  assert.equal(add('store'), 'store');
  add('backend');
  add('worker');
  await Promise.all([parts.close(), parts.close()]);
  assert.deepEqual(closed, ['worker', 'backend', 'store']);
});

test('a part that fails does not keep the others open, and is told', async () => {
  const { closed, failed, parts, add } = setUp();
  add('store');
  parts.add('backend', 0, async () => {
    throw new Error('no');
  });
  await parts.close();
  assert.deepEqual(closed, ['store']);
  assert.equal(failed.length, 1);
});
