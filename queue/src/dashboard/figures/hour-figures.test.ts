import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Minute } from '@zkinfer/core/service';
import { hourFigures } from './hour-figures.ts';

function minute(change: Partial<Minute>): Minute {
  const none = { at: 0, submitted: 0, done: 0, failed: 0, p50Ms: null, p95Ms: null };
  return { ...none, gasUsed: '0', spent: '0', earned: '0', ...change };
}

test('sums are exact beyond what a double holds', () => {
  const minutes = [
    minute({ spent: '9007199254740993', gasUsed: '9007199254740993' }),
    minute({ spent: '1', earned: '-3' }),
  ];
  const { spent, earned, gasUsed } = hourFigures({ queues: [], minutes });
  assert.equal(spent, '9007199254740994');
  assert.equal(earned, '-3');
  assert.equal(gasUsed, 9007199254740993n);
});

test('delayed tasks wait, too; running ones do not', () => {
  const queues = [
    { stage: 'fetch', waiting: 2, delayed: 1, running: 5 },
    { stage: 'prove', waiting: 3, delayed: 0, running: 1 },
  ] as const;
  const { waiting, running } = hourFigures({ queues: [...queues], minutes: [] });
  assert.equal(waiting, 6);
  assert.equal(running, 6);
});

test('the latency is that of the last minute in which jobs ended', () => {
  const minutes = [
    minute({ at: 1, p50Ms: 10, p95Ms: 20 }),
    minute({ at: 2, p50Ms: 30, p95Ms: 40 }),
    minute({ at: 3 }),
  ];
  assert.deepEqual(hourFigures({ queues: [], minutes }).latest, { at: 2, p50Ms: 30, p95Ms: 40 });
  assert.equal(hourFigures({ queues: [], minutes: [minute({})] }).latest, undefined);
});
