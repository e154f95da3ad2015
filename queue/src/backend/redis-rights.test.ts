import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { waitUntil } from '@zkinfer/core/testing';
import { Redis } from 'ioredis';
import { RedisProcess, redisIsAvailable } from '../testing/redis-process.ts';
import { BullmqBackend } from './bullmq-backend.ts';

const skip = !redisIsAvailable('the rights that deploy/redis.conf gives');

/** The line for other machines, a comment there. */
function rightsOf(settings: string): string[] {
  return /^# user zkinfer on >PASSWORD (.*)$/m.exec(settings)![1]!.split(' ');
}

test('the user of deploy/redis.conf may do what a queue needs, and no more', { skip }, async () => {
  const redis = await RedisProcess.start();
  const admin = new Redis(redis.url);
  const settings = readFileSync(new URL('../../../deploy/redis.conf', import.meta.url), 'utf8');
  await admin.call('ACL', 'SETUSER', 'zkinfer', 'on', '>geheim', ...rightsOf(settings));
  const url = redis.url.replace('//', '//zkinfer:geheim@');
  const backend = await BullmqBackend.open({ url });
  const user = new Redis(url);
  try {
    const done: string[] = [];
    const heard: string[] = [];
    await backend.watchProgress('work', (id) => heard.push(id));
    await backend.enqueue('work', [
      { id: 'later', data: {}, priority: 1, delayMs: 60_000 },
      { id: 'now', data: {}, priority: 1 },
    ]);
    await backend.consume(
      'work',
      async ({ id, reportProgress }) => {
        reportProgress({ done: 0.5 });
        done.push(id);
      },
      { concurrency: 1 },
    );
    await waitUntil(() => done.length === 1 && heard.length === 1);
    await backend.remove('work', 'later');
    assert.deepEqual(await backend.states('work', ['later']), ['unknown']);
    assert.deepEqual(await backend.health(), { backend: 'bullmq', ok: true, problems: [] });
    await assert.rejects(user.set('elsewhere', '1'), /NOPERM/);
    await assert.rejects(user.config('GET', 'requirepass'), /NOPERM/);
  } finally {
    await backend.close();
    for (const client of [user, admin]) client.disconnect();
    await redis.stop();
  }
});
