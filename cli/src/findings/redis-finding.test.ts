import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedisProcess, redisIsAvailable } from '@zkinfer/queue/testing';
import { redisFinding } from './redis-finding.ts';

const skip = !redisIsAvailable('what the doctor says of a Redis');

async function findingOf(...settings: string[]) {
  const redis = await RedisProcess.start(settings);
  try {
    return await redisFinding(redis.url);
  } finally {
    await redis.stop();
  }
}

test('a Redis that keeps everything is fit', { skip }, async () => {
  const { state, found } = await findingOf();
  assert.equal(state, 'ok');
  assert.match(found, /^\d+\.\d+\.\d+, noeviction, appendonly$/);
});

test('a Redis that forgets at a restart is noted', { skip }, async () => {
  const { state, advice } = await findingOf('--appendonly', 'no');
  assert.equal(state, 'note');
  assert.match(advice!, /appendonly is off/);
});

test('a Redis that may evict jobs will not do', { skip }, async () => {
  const { state, found } = await findingOf('--maxmemory-policy', 'allkeys-lru');
  assert.equal(state, 'missing');
  assert.match(found, /allkeys-lru/);
});

test('a Redis that does not answer is missing, and its password is not told', async () => {
  const { state, found } = await redisFinding('redis://user:geheim@127.0.0.1:9');
  assert.equal(state, 'missing');
  assert.ok(!found.includes('geheim'));
});
