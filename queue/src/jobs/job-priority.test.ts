import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRIORITIES } from '../backend/job-backend.ts';
import { jobPriority } from './job-priority.ts';

const NOW = Date.UTC(2026, 10, 21);
const MINUTE = 60_000;

test('an earlier deadline comes first, however old the job is', () => {
  const early = jobPriority(NOW, NOW + 10 * MINUTE);
  assert.ok(early < jobPriority(NOW - 60 * MINUTE, NOW + 11 * MINUTE));
  assert.equal(early, jobPriority(NOW - 60 * MINUTE, NOW + 10 * MINUTE));
});

test('a job without a deadline is neither first nor starved', () => {
  const none = jobPriority(NOW, null);
  assert.ok(none > jobPriority(NOW, NOW + 30 * MINUTE));
  assert.ok(none < jobPriority(NOW + 60 * MINUTE, NOW + 90 * MINUTE));
});

for (const deadline of [0, -1, NOW, 2 ** 52, Number.MAX_SAFE_INTEGER]) {
  test(`stays within the range: ${deadline}`, () => {
    const priority = jobPriority(NOW, deadline);
    assert.ok(Number.isInteger(priority));
    assert.ok(priority >= PRIORITIES.first && priority <= PRIORITIES.last);
  });
}
