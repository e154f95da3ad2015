import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOB_STATUSES } from '../../jobs/job-record.ts';
import { DEFAULT_STAGES, type StageName } from '../../jobs/stages.ts';
import { canCancel, canRetry, STAGE_WORDS, STATUS_WORDS } from './words.ts';

test('there are words for exactly the stages and statuses of the queue', () => {
  assert.deepEqual(Object.keys(STAGE_WORDS), Object.keys(DEFAULT_STAGES));
  assert.deepEqual(Object.keys(STATUS_WORDS).sort(), [...JOB_STATUSES].sort());
});

test('an active job can be cancelled exactly where the queue lets go of it', () => {
  for (const [stage, { abandonable }] of Object.entries(DEFAULT_STAGES)) {
    assert.equal(canCancel({ status: 'active', stage: stage as StageName }), abandonable, stage);
  }
  assert.equal(canCancel({ status: 'done', stage: 'prove' }), false);
});

test('failed and parked jobs can be retried, no others', () => {
  const retried = JOB_STATUSES.filter((status) => canRetry({ status }));
  assert.deepEqual(retried.sort(), ['failed', 'parked']);
});
