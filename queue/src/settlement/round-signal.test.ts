import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoundSignal } from './round-signal.ts';

test('all that wait are woken by the next round, and by no earlier one', async () => {
  const rounds = new RoundSignal();
  const { signal } = new AbortController();
  rounds.tell();
  let woken = 0;
  const waiting = [1, 2].map(() => rounds.next(signal).then(() => woken++));
  await Promise.resolve();
  assert.equal(woken, 0);
  rounds.tell();
  await Promise.all(waiting);
  assert.equal(woken, 2);
});

test('who is aborted waits no longer, then or from the start', async () => {
  const rounds = new RoundSignal();
  const aborting = new AbortController();
  const waiting = rounds.next(aborting.signal);
  const reason = new Error('closing');
  aborting.abort(reason);
  await assert.rejects(waiting, reason);
  await assert.rejects(rounds.next(aborting.signal), reason);
});
