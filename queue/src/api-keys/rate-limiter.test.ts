import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateLimiter } from './rate-limiter.ts';

function setUp() {
  const clock = { now: 0 };
  return { clock, limiter: new RateLimiter(() => clock.now) };
}

test('so many at once, then as many as time gives', () => {
  const { clock, limiter } = setUp();
  const taken = () => limiter.take('a', 60).allowed;
  for (let i = 0; i < 60; i++) assert.equal(taken(), true);
  assert.equal(taken(), false);
  clock.now += 999;
  assert.equal(taken(), false);
  clock.now += 1;
  assert.equal(taken(), true);
  assert.equal(taken(), false);
});

test('rest gives no more than a full bucket', () => {
  const { clock, limiter } = setUp();
  limiter.take('a', 2);
  clock.now += 1e9;
  assert.equal(limiter.take('a', 2).remaining, 1);
  assert.equal(limiter.take('a', 2).allowed, true);
  assert.equal(limiter.take('a', 2).allowed, false);
});

test('names have buckets of their own', () => {
  const { limiter } = setUp();
  assert.equal(limiter.take('a', 1).allowed, true);
  assert.equal(limiter.take('a', 1).allowed, false);
  assert.equal(limiter.take('b', 1).allowed, true);
});

test('tells what is left and when to come again', () => {
  const { limiter } = setUp();
  const first = { allowed: true, limit: 2, remaining: 1, resetS: 30 };
  assert.deepEqual(limiter.take('a', 2), first);
  assert.deepEqual(limiter.look('a', 2), first);
  limiter.take('a', 2);
  const refused = { allowed: false, limit: 2, remaining: 0, resetS: 30 };
  assert.deepEqual(limiter.take('a', 2), refused);
});

test('remembers a bounded number of names, the latest', () => {
  const { limiter } = setUp();
  limiter.take('first', 1);
  for (let i = 0; i < 10_000; i++) limiter.take(`n${i}`, 1);
  assert.equal(limiter.take('n9999', 1).allowed, false);
  assert.equal(limiter.take('first', 1).allowed, true);
});
