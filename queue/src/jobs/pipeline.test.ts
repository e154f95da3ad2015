import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '../testing/memory-store.ts';
import { type JobRecord, type JobStatus, KEPT_EVENTS, statusOf } from './job-record.ts';
import { Pipeline } from './pipeline.ts';
import { LARGEST_REQUEST_BYTES, type StageReport } from './stage-task.ts';
import { CHAIN_ROUTE, DEFAULT_STAGES, HTTP_ROUTE } from './stages.ts';

const START = 1_000_000;

function setUp() {
  const clock = { now: START };
  const store = new MemoryStore();
  const pipeline = new Pipeline({ store, now: () => clock.now, random: () => 0 });
  return { clock, store, pipeline };
}

const submission = { id: 'job', route: HTTP_ROUTE, request: { model: 'ab' } };

const completed = (job: JobRecord, result = {}, finishes = false): StageReport => ({
  jobId: job.id,
  fence: job.fence,
  kind: 'completed',
  result,
  finishes,
});

const failed = (job: JobRecord, errorClass: 'retryable' | 'fatal' | 'final'): StageReport => ({
  jobId: job.id,
  fence: job.fence,
  kind: 'error',
  error: { code: 'WHY', class: errorClass },
});

async function current(pipeline: Pipeline): Promise<JobRecord> {
  return (await pipeline.get('job'))!;
}

async function listed(pipeline: Pipeline, status: JobStatus): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of pipeline.list({ status })) ids.push(id);
  return ids;
}

test('a job goes through its route and gathers the results', async () => {
  const { pipeline } = setUp();
  await pipeline.submit({ ...submission, route: CHAIN_ROUTE });
  for (const stage of CHAIN_ROUTE) {
    const job = await current(pipeline);
    assert.equal(job.stage, stage);
    assert.equal(await pipeline.apply(completed(job, { of: stage })), 'applied');
  }
  const job = await current(pipeline);
  assert.deepEqual(job.outcome, { kind: 'done', code: 'QUEUE_DONE', stage: 'callback', at: START });
  assert.deepEqual(Object.keys(job.results), [...CHAIN_ROUTE]);
  assert.deepEqual(job.results.prove, { of: 'prove' });
});

test('a stage may finish the job before the end of its route', async () => {
  const { pipeline } = setUp();
  const { job } = await pipeline.submit(submission);
  await pipeline.apply(completed(job, {}, true));
  assert.equal(statusOf(await current(pipeline)), 'done');
});

test('a report counts once, and not after the task has been replaced', async () => {
  const { pipeline } = setUp();
  const { job } = await pipeline.submit(submission);
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => pipeline.apply(completed(job))),
  );
  assert.equal(outcomes.filter((outcome) => outcome === 'applied').length, 1);
  assert.equal((await current(pipeline)).stage, 'infer');
  assert.equal(await pipeline.apply(failed(job, 'fatal')), 'stale');
  assert.equal(await pipeline.apply({ ...completed(job), jobId: 'other' }), 'stale');
});

test('submitted twice it is one job; for another request it is refused', async () => {
  const { pipeline } = setUp();
  const tries = await Promise.all([pipeline.submit(submission), pipeline.submit(submission)]);
  assert.deepEqual(tries.map(({ created }) => created).sort(), [false, true]);
  assert.deepEqual(tries[0]?.job, tries[1]?.job);
  const differs = { code: 'QUEUE_JOB_DIFFERS' };
  const other = { ...submission, request: { model: 'cd' } };
  await assert.rejects(pipeline.submit(other), differs);
  await assert.rejects(pipeline.submit({ ...submission, deadlineMs: START + 1 }), differs);
});

for (const [what, change] of Object.entries({
  'no stage': { route: [] },
  'a stage twice': { route: ['prove', 'prove'] as const },
  'a request that is too large': { request: { x: 'x'.repeat(LARGEST_REQUEST_BYTES) } },
})) {
  test(`refuses a job with ${what}`, async () => {
    const { pipeline } = setUp();
    const submitted = pipeline.submit({ ...submission, ...change });
    await assert.rejects(submitted, { code: 'QUEUE_JOB_INVALID' });
  });
}

test('an error that may pass is tried again later, so many times', async () => {
  const { pipeline } = setUp();
  await pipeline.submit(submission);
  const { attempts, firstDelayMs } = DEFAULT_STAGES.fetch.retry;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const job = await current(pipeline);
    assert.equal(job.attempt, attempt);
    const waited = attempt === 1 ? 0 : firstDelayMs * 2 ** (attempt - 2);
    assert.equal(job.dueAt, START + waited);
    await pipeline.apply(failed(job, 'retryable'));
  }
  const { outcome } = await current(pipeline);
  assert.deepEqual(outcome, { kind: 'failed', code: 'WHY', stage: 'fetch', at: START });
});

test('tries are counted for each stage', async () => {
  const { pipeline } = setUp();
  const { job } = await pipeline.submit(submission);
  await pipeline.apply(failed(job, 'retryable'));
  await pipeline.apply(completed(await current(pipeline)));
  assert.equal((await current(pipeline)).attempt, 1);
});

test('a fatal error fails the job, one that the chain decided closes it', async () => {
  for (const [errorClass, kind] of [
    ['fatal', 'failed'],
    ['final', 'closed'],
  ] as const) {
    const { pipeline } = setUp();
    const { job } = await pipeline.submit(submission);
    await pipeline.apply(failed(job, errorClass));
    assert.equal((await current(pipeline)).outcome?.kind, kind);
    assert.equal((await current(pipeline)).outcome?.code, 'WHY');
  }
});

test('a retry that could only come after the deadline is not tried', async () => {
  const { pipeline } = setUp();
  const { job } = await pipeline.submit({ ...submission, deadlineMs: START + 900 });
  await pipeline.apply(failed(job, 'retryable'));
  assert.equal(statusOf(await current(pipeline)), 'expired');
});

test('a job may be cancelled and expire until something may have been sent', async () => {
  const { pipeline } = setUp();
  const { job } = await pipeline.submit({ ...submission, route: ['prove', 'settle'] });
  await pipeline.submit({ ...submission, id: 'second' });
  await pipeline.submit({ ...submission, id: 'third' });
  assert.equal((await pipeline.cancel('second')).outcome?.code, 'QUEUE_CANCELLED');
  assert.equal(await pipeline.expire('third'), true);
  await pipeline.apply(completed(job));
  await assert.rejects(pipeline.cancel('job'), { code: 'QUEUE_JOB_NOT_CANCELLABLE' });
  assert.equal(await pipeline.expire('job'), false);
  await assert.rejects(pipeline.cancel('second'), { code: 'QUEUE_JOB_NOT_CANCELLABLE' });
  await assert.rejects(pipeline.cancel('unknown'), { code: 'QUEUE_JOB_UNKNOWN' });
});

test('what the chain decided closes a job until something may have been sent', async () => {
  const { pipeline } = setUp();
  const { job } = await pipeline.submit({ ...submission, route: ['prove', 'settle'] });
  await pipeline.submit({ ...submission, id: 'second' });
  assert.equal(await pipeline.close('second', 'TAKEN'), true);
  assert.deepEqual((await pipeline.get('second'))?.outcome, {
    ...{ kind: 'closed', code: 'TAKEN', stage: 'fetch', at: START },
  });
  await pipeline.apply(completed(job));
  assert.equal(await pipeline.close('job', 'TAKEN'), false);
  assert.equal(await pipeline.close('unknown', 'TAKEN'), false);
});

test('a job that was closed is reopened at a stage, with its results and a new fence', async () => {
  const { pipeline } = setUp();
  const { job } = await pipeline.submit({ ...submission, route: ['prove', 'settle'] });
  await pipeline.apply(completed(job, { proof: 'p' }));
  assert.equal(await pipeline.reopen('job', 'settle'), undefined, 'an active job stays as it is');
  const settling = await current(pipeline);
  await pipeline.apply(failed(settling, 'final'));
  const reopened = await pipeline.reopen('job', 'settle');
  assert.deepEqual([reopened?.stage, reopened?.outcome], ['settle', null]);
  assert.deepEqual(reopened?.results, { prove: { proof: 'p' } });
  assert.ok(reopened!.fence > settling.fence);
  await pipeline.apply(failed(reopened!, 'fatal'));
  assert.equal(await pipeline.reopen('job', 'settle'), undefined, 'a failed one is for retry');
});

test('a report on a job that was cancelled is stale', async () => {
  const { pipeline } = setUp();
  const { job } = await pipeline.submit(submission);
  await pipeline.cancel('job');
  assert.equal(await pipeline.apply(completed(job)), 'stale');
  assert.equal(statusOf(await current(pipeline)), 'cancelled');
});

test('a poisoned job is parked, can be seen, and is retried when somebody says so', async () => {
  const { pipeline } = setUp();
  const { job } = await pipeline.submit(submission);
  await pipeline.apply({ jobId: 'job', fence: job.fence, kind: 'poisoned' });
  assert.deepEqual(await listed(pipeline, 'parked'), ['job']);
  assert.deepEqual(await listed(pipeline, 'active'), []);
  const again = await pipeline.retry('job');
  assert.deepEqual([again.stage, again.attempt, again.outcome], ['fetch', 1, null]);
  assert.ok(again.fence > job.fence);
  assert.deepEqual(await listed(pipeline, 'active'), ['job']);
  await assert.rejects(pipeline.retry('job'), { code: 'QUEUE_JOB_NOT_RETRIABLE' });
  await assert.rejects(pipeline.retry('unknown'), { code: 'QUEUE_JOB_UNKNOWN' });
});

test('lists by status in the order of submission, page by page', async () => {
  const { clock, pipeline } = setUp();
  for (const id of ['b', 'a', 'c', 'd']) {
    await pipeline.submit({ ...submission, id });
    clock.now += 1;
  }
  assert.deepEqual(await listed(pipeline, 'active'), ['b', 'a', 'c', 'd']);
  const newest: JobRecord[] = [];
  const page = { status: 'active', newestFirst: true, limit: 2 } as const;
  for await (const job of pipeline.list(page)) newest.push(job);
  for await (const job of pipeline.list({ ...page, after: newest[1]! })) newest.push(job);
  assert.deepEqual(
    newest.map(({ id }) => id),
    ['d', 'c', 'a', 'b'],
  );
});

test('forgets what ended before a time', async () => {
  const { clock, pipeline } = setUp();
  for (const id of ['old', 'new', 'active']) await pipeline.submit({ ...submission, id });
  await pipeline.cancel('old');
  clock.now += 10;
  await pipeline.cancel('new');
  assert.equal(await pipeline.prune('cancelled', clock.now), 1);
  assert.deepEqual(await listed(pipeline, 'cancelled'), ['new']);
  assert.equal(await pipeline.get('old'), undefined);
});

test('keeps a timeline, of bounded length', async () => {
  const { pipeline } = setUp();
  await pipeline.submit({ ...submission, route: ['confirm'] });
  await pipeline.apply(failed(await current(pipeline), 'retryable'));
  const what = (await current(pipeline)).events.map((event) => [
    event.what,
    event.attempt,
    event.code,
  ]);
  assert.deepEqual(what, [
    ['begun', 1, null],
    ['retrying', 1, 'WHY'],
    ['begun', 2, null],
  ]);
  for (let i = 0; i < 100; i++) await pipeline.apply(failed(await current(pipeline), 'retryable'));
  assert.equal((await current(pipeline)).events.length, KEPT_EVENTS);
});

test('tells listeners of each transition, with the job before it', async () => {
  const { pipeline } = setUp();
  const heard: unknown[] = [];
  const stop = pipeline.onTransition((job, before) => heard.push([before?.stage, job.stage]));
  const { job } = await pipeline.submit(submission);
  await pipeline.submit(submission);
  await pipeline.apply(completed(job));
  stop();
  await pipeline.cancel('job');
  assert.deepEqual(heard, [
    [undefined, 'fetch'],
    ['fetch', 'infer'],
  ]);
});

test('a damaged record is refused', async () => {
  const { pipeline, store } = setUp();
  await pipeline.submit(submission);
  const { value, version } = (await store.get('job/job'))!;
  const { data } = value as { data: object };
  await store.compareAndSet('job/job', version, { form: 1, data: { ...data, stage: 'sleep' } });
  await assert.rejects(pipeline.get('job'), { code: 'QUEUE_RECORD_MALFORMED' });
});
