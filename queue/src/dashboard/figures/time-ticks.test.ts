import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@zkinfer/core/testing';
import { timeTicks } from './time-ticks.ts';

test('ticks are round', () => {
  assert.deepEqual(timeTicks(9_100, 4), [0, 5_000]);
  assert.deepEqual(timeTicks(33_000, 4), [0, 10_000, 20_000, 30_000]);
  assert.deepEqual(timeTicks(5 * 86_400_000, 2), [0, 3 * 86_400_000]);
});

test('there is at least one tick, never more than asked for, and none outside', () => {
  const random = seededRandom(11);
  for (let i = 0; i < 500; i++) {
    const durationMs = 1 + Math.floor(10 ** random.float(0, 10));
    const ticks = timeTicks(durationMs, 4);
    assert.ok(ticks.length >= 1 && ticks.length <= 5, `${durationMs}: ${ticks}`);
    assert.ok(
      ticks.every((tick) => tick >= 0 && tick <= durationMs),
      `${durationMs}: ${ticks}`,
    );
  }
});
