import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '../testing/memory-store.ts';
import { DailyQuota } from './daily-quota.ts';

const NOON = Date.parse('2026-01-31T12:00:00Z');
const used = { code: 'QUEUE_HTTP_DAILY_QUOTA' };

function setUp() {
  const clock = { now: NOON };
  const store = new MemoryStore();
  return { clock, store, quota: new DailyQuota(store, () => clock.now) };
}

test('of many at once exactly so many are allowed', async () => {
  const { quota } = setUp();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => quota.reserve('a', 7)));
  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 7);
  await assert.rejects(quota.reserve('a', 7), used);
  await quota.reserve('b', 1);
});

test('what is given back may be used again', async () => {
  const { quota } = setUp();
  await quota.reserve('a', 1);
  await quota.release('a');
  await quota.reserve('a', 1);
  await assert.rejects(quota.reserve('a', 1), used);
});

test('counts survive a restart, and begin anew at midnight UTC', async () => {
  const { clock, store, quota } = setUp();
  await quota.reserve('a', 1);
  const restarted = new DailyQuota(store, () => clock.now);
  await assert.rejects(restarted.reserve('a', 1), used);
  assert.equal(restarted.secondsToReset(), 12 * 60 * 60);
  clock.now += 12 * 60 * 60 * 1_000;
  await restarted.reserve('a', 1);
});

test('a quota of none allows none', async () => {
  const { quota } = setUp();
  await assert.rejects(quota.reserve('a', 0), used);
});
