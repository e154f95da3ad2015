import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireTask } from '../backend/task-rules.ts';
import { chainJobId, httpJobId, requireJobId, stageTaskId } from './job-ids.ts';
import { CHAIN_ROUTE } from './stages.ts';

const REQUEST = `0x${'0f'.repeat(32)}`;

test('a request on a chain is one job, on another chain another', () => {
  assert.equal(chainJobId(1n, REQUEST), chainJobId(1n, REQUEST));
  assert.notEqual(chainJobId(1n, REQUEST), chainJobId(10n, REQUEST));
});

test('keys of different clients never meet', () => {
  assert.equal(httpJobId('a', 'k'), httpJobId('a', 'k'));
  assert.notEqual(httpJobId('a', 'k'), httpJobId('b', 'k'));
  assert.notEqual(httpJobId('a-b', 'c'), httpJobId('a', 'b-c'));
});

test('jobs and their tasks have ids that backends take', () => {
  for (const id of [chainJobId(2n ** 64n, REQUEST), httpJobId('клиент', '1:2/3')]) {
    requireJobId(id);
    for (const stage of CHAIN_ROUTE) {
      requireTask({ id: stageTaskId(id, stage, 10 ** 9), data: {}, priority: 1 });
    }
  }
});

for (const id of ['', '17', 'a:b', 'a/b', '-a', 'A', 'x'.repeat(121)]) {
  test(`refuses the job id ${JSON.stringify(id).slice(0, 20)}`, () => {
    assert.throws(() => requireJobId(id), { code: 'QUEUE_JOB_ID' });
  });
}

for (const requestId of [REQUEST.slice(2), REQUEST.toUpperCase(), `${REQUEST}0`]) {
  test(`refuses the request id ${requestId.slice(0, 12)}…, ${requestId.length} characters`, () => {
    assert.throws(() => chainJobId(1n, requestId), { code: 'QUEUE_JOB_ID' });
  });
}
