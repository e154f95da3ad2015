import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobView } from '@zkinfer/core/service';
import { nextTryAt, timelineOf } from './timeline.ts';

type Event = JobView['events'][number];
type Line = readonly [at: number, stage: Event['stage'], attempt: number, what: string];

/** An HTTP job of second 1, with these events, last changed at the last of them. */
function job(status: JobView['status'], ...lines: readonly Line[]): JobView {
  const events = lines.map(([at, stage, attempt, what]) => {
    return { at, stage, attempt, what, code: what === 'retrying' ? 'E_DOWN' : null };
  });
  return {
    id: 'h-1',
    modelDigest: 'a'.repeat(64),
    status,
    stage: 'prove',
    route: ['fetch', 'infer', 'prove'],
    attempt: 1,
    progress: null,
    createdAt: 1_000,
    updatedAt: events.at(-1)?.at ?? 1_000,
    deadline: null,
    inputHash: null,
    outputHash: null,
    hasProof: false,
    outcomeCode: null,
    events,
    chain: null,
  };
}

/** `stage attempt from-to end` of each bar, in shares of the whole. */
function drawn(view: JobView, now: number): string[] {
  return timelineOf(view, now).rows.flatMap(({ stage, bars }) =>
    bars.map(({ attempt, from, to, end }) => `${stage} ${attempt} ${from}-${to} ${end}`),
  );
}

test('stages follow each other; the one that goes on ends now', () => {
  const view = job(
    'active',
    [1_000, 'fetch', 1, 'begun'],
    [2_000, 'fetch', 1, 'completed'],
    [2_000, 'infer', 1, 'begun'],
  );
  assert.deepEqual(drawn(view, 5_000), ['fetch 1 0-0.25 completed', 'infer 1 0.25-1 open']);
  assert.deepEqual(
    timelineOf(view, 5_000).rows.map((row) => row.durationMs),
    [1_000, 3_000, 0],
  );
});

test('a retry is a bar of its own, with the pause before it and the code of the error', () => {
  const view = job(
    'active',
    [1_000, 'fetch', 1, 'begun'],
    [2_000, 'fetch', 1, 'retrying'],
    [4_000, 'fetch', 2, 'begun'],
  );
  assert.deepEqual(drawn(view, 5_000), ['fetch 1 0-0.25 retrying', 'fetch 2 0.75-1 open']);
  const [row] = timelineOf(view, 5_000).rows;
  assert.deepEqual(
    row?.bars.map(({ code }) => code),
    ['E_DOWN', null],
  );
});

test('a try that is still to begin has no length, and says when it begins', () => {
  const view = job(
    'active',
    [1_000, 'fetch', 1, 'begun'],
    [2_000, 'fetch', 1, 'retrying'],
    [9_000, 'fetch', 2, 'begun'],
  );
  const waiting = { ...view, updatedAt: 2_000 };
  assert.deepEqual(drawn(waiting, 3_000), ['fetch 1 0-0.5 retrying', 'fetch 2 1-1 open']);
  assert.equal(nextTryAt(waiting, 3_000), 9_000);
  assert.equal(nextTryAt(waiting, 9_000), undefined);
  assert.equal(nextTryAt({ ...waiting, status: 'cancelled' }, 3_000), undefined);
});

test('a job that was cancelled while it waited does not grow beyond its end', () => {
  const view = job(
    'cancelled',
    [1_000, 'fetch', 1, 'begun'],
    [2_000, 'fetch', 1, 'retrying'],
    [9_000, 'fetch', 2, 'begun'],
    [3_000, 'fetch', 2, 'cancelled'],
  );
  assert.deepEqual(drawn(view, 99_000), ['fetch 1 0-0.5 retrying', 'fetch 2 1-1 cancelled']);
});

test('the end of the last stage and of the job are one bar', () => {
  const view = job(
    'done',
    [1_000, 'prove', 1, 'begun'],
    [3_000, 'prove', 1, 'completed'],
    [3_000, 'prove', 1, 'done'],
  );
  assert.deepEqual(drawn(view, 99_000), ['prove 1 0-1 completed']);
});

test('where the beginning of a long history is cut off, the bar begins with the job', () => {
  const view = job(
    'failed',
    [3_000, 'prove', 7, 'retrying'],
    [3_000, 'prove', 8, 'begun'],
    [5_000, 'prove', 8, 'failed'],
  );
  assert.deepEqual(drawn(view, 99_000), ['prove 7 0-0.5 retrying', 'prove 8 0.5-1 failed']);
});

test('a job that was only just made has rows, and no division by zero', () => {
  const { rows, durationMs } = timelineOf(job('active'), 1_000);
  assert.equal(durationMs, 1);
  assert.deepEqual(
    rows.map(({ stage, bars }) => [stage, bars.length]),
    [
      ['fetch', 0],
      ['infer', 0],
      ['prove', 0],
    ],
  );
});
