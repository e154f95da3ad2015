import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PruneOptions } from '../artifacts/directory-blob-store.ts';
import { writeInferenceRequest } from '../jobs/inference-request.ts';
import type { JobStatus } from '../jobs/job-record.ts';
import { Pipeline } from '../jobs/pipeline.ts';
import { HTTP_ROUTE } from '../jobs/stages.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { pruneJobs } from './prune-jobs.ts';

const DAY = 86_400_000;
const START = 1_000 * DAY;
const RETENTION = { doneDays: 1, failedDays: 3 };

const digest = (letter: string) => letter.repeat(64);

const requestOf = (letter: string) =>
  writeInferenceRequest({
    modelDigest: digest('0'),
    input: { kind: 'blob', sha256: digest(letter) },
    binder: '0',
    chain: null,
    http: { client: 'me', webhook: null },
  });

async function setUp() {
  const clock = { now: START };
  const pipeline = new Pipeline({ store: new MemoryStore(), now: () => clock.now });
  const forgotten: (readonly [JobStatus, number])[] = [];
  const pruned: PruneOptions[] = [];
  const blobs = {
    prune: async (options: PruneOptions) => {
      pruned.push(options);
      return 0;
    },
  };
  const prune = () =>
    pruneJobs(
      {
        pipeline,
        blobs,
        retention: RETENTION,
        forgotten: (status, count) => forgotten.push([status, count]),
        shelf: {
          async *blobs() {
            yield digest('e');
          },
        },
      },
      clock.now,
    );
  const submit = (id: string, letter: string) =>
    pipeline.submit({ id, route: HTTP_ROUTE, request: requestOf(letter) });
  const apply = async (id: string, end: 'done' | 'failed') => {
    const { fence } = (await pipeline.get(id))!;
    const task = { jobId: id, fence };
    const result = { envelope: digest('f') };
    if (end === 'done') {
      await pipeline.apply({ ...task, kind: 'completed', result, finishes: true });
    } else {
      await pipeline.apply({ ...task, kind: 'error', error: { code: 'WHY', class: 'fatal' } });
    }
  };
  return { clock, pipeline, forgotten, pruned, prune, submit, apply };
}

test('ended jobs are forgotten when their time is over, those that failed later', async () => {
  const { clock, pipeline, forgotten, prune, submit, apply } = await setUp();
  for (const id of ['done', 'failed', 'active']) await submit(id, 'a');
  await apply('done', 'done');
  await apply('failed', 'failed');
  clock.now += DAY;
  await prune();
  assert.deepEqual(forgotten, []);
  clock.now += 1;
  await prune();
  assert.deepEqual(forgotten, [['done', 1]]);
  clock.now += 2 * DAY;
  await prune();
  assert.deepEqual(forgotten.at(-1), ['failed', 1]);
  assert.equal(await pipeline.get('done'), undefined);
  assert.equal((await pipeline.get('active'))?.outcome, null);
});

test('blobs of the jobs that are left stay, and those that others keep', async () => {
  const { clock, pruned, prune, submit, apply } = await setUp();
  await submit('old', 'a');
  await apply('old', 'done');
  clock.now += 2 * DAY;
  await submit('new', 'b');
  await apply('new', 'done');
  await submit('active', 'c');
  await prune();
  const kept = [...pruned[0]!.keep].sort();
  assert.deepEqual(kept, ['b', 'c', 'e', 'f'].map(digest));
  assert.ok(pruned[0]!.olderThanMs > 0, 'a blob of a job that is just being submitted stays');
});

test('the blobs of a job that is taken up again meanwhile stay', async () => {
  const { pipeline, pruned, prune, submit, apply } = await setUp();
  await submit('job', 'a');
  await apply('job', 'failed');
  const list = pipeline.list.bind(pipeline);
  let times = 0;
  pipeline.list = async function* (options) {
    // The second time blobs are looked for: the active ones were listed, those that failed not yet.
    if (options.status === 'failed' && ++times === 2) await pipeline.retry('job');
    yield* list(options);
  };
  await prune();
  assert.ok(pruned[0]!.keep.has(digest('a')));
});
