import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvironmentError, SILENT_LOGGER } from '@zkinfer/core';
import { waitUntil } from '@zkinfer/core/testing';
import { WatchedLoops } from './watched-loops.ts';

test('what fails is told with its code until it succeeds again; other loops go on', async () => {
  const loops = new WatchedLoops('a chain', SILENT_LOGGER);
  let failing = true;
  let rounds = 0;
  loops.start('following', 1, async () => {
    if (failing) throw new EnvironmentError({ code: 'CONTRACTS_RPC_FAILED', what: 'simulated' });
  });
  loops.start('sending', 1, async () => {
    rounds += 1;
  });
  await waitUntil(() => loops.problem === 'following: CONTRACTS_RPC_FAILED' && rounds > 2);
  failing = false;
  await waitUntil(() => loops.problem === null);
  await loops.stop();
  const before = rounds;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(rounds, before);
});

test('what is not an error of ours is told without its words', async () => {
  const loops = new WatchedLoops('a chain', SILENT_LOGGER);
  loops.start('sending', 1, async () => {
    throw new Error('https://key@example.com failed');
  });
  await waitUntil(() => loops.problem !== null);
  assert.equal(loops.problem, 'sending: QUEUE_UNEXPECTED_ERROR');
  await loops.stop();
});
