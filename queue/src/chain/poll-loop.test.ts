import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvironmentError, type Logger, SILENT_LOGGER } from '@zkinfer/core';
import { PollLoop } from './poll-loop.ts';

test('it goes on after failures, and tells of them without their causes', async () => {
  const logged: object[] = [];
  const logger: Logger = { ...SILENT_LOGGER, warn: (fields) => logged.push(fields) };
  const cause = new Error('https://node.example/secret');
  const errors = [new EnvironmentError({ code: 'X', what: 'down', cause }), cause];
  let resolve = () => {};
  const recovered = new Promise<void>((done) => {
    resolve = done;
  });
  const round = async () => {
    const error = errors.shift();
    if (error !== undefined) throw error;
    resolve();
  };
  const loop = new PollLoop(round, { intervalMs: 1, logger, failed: 'failed' });
  await recovered;
  await loop.stop();
  assert.deepEqual(logged, [
    { code: 'X', reason: 'down', failures: 1 },
    { code: 'QUEUE_UNEXPECTED_ERROR', reason: 'Error', failures: 2 },
  ]);
});

test('stopping waits for the round under way, and begins no other', async () => {
  let rounds = 0;
  let ended = false;
  const round = async () => {
    rounds += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    ended = true;
  };
  const loop = new PollLoop(round, { intervalMs: 1, logger: SILENT_LOGGER, failed: 'failed' });
  await loop.stop();
  assert.deepEqual([rounds, ended], [1, true]);
});
