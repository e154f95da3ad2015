/** Jobs from submission to outcome, on every backend: pipeline, dispatcher and workers together. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, InputError } from '@zkinfer/core';
import {
  type BackendPlace,
  backendSubjects,
  type OpenedBackend,
  openBackend,
} from '../testing/backend-subjects.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { Dispatcher } from './dispatcher.ts';
import { type JobRecord, type JobStatus, statusOf } from './job-record.ts';
import { Pipeline } from './pipeline.ts';
import { reportThrough } from './reports.ts';
import { type StageHandler, startStageWorker } from './stage-worker.ts';
import { DEFAULT_STAGES, HTTP_ROUTE, type StageDefinition, type StageName } from './stages.ts';

const CRASHER = new URL('../testing/crashing-process.js', import.meta.url);
const SWEEP_MS = 150;

const quick = (name: StageName): StageDefinition => ({
  ...DEFAULT_STAGES[name],
  retry: { attempts: 3, firstDelayMs: 20, longestDelayMs: 40, jitter: 0.5 },
  timeoutMs: 300,
});
const STAGES = {
  ...DEFAULT_STAGES,
  fetch: quick('fetch'),
  infer: quick('infer'),
  prove: quick('prove'),
};

const passing: StageHandler = async ({ stage }) => ({ result: { of: stage } });

class Service {
  readonly store: MemoryStore;
  readonly pipeline: Pipeline;
  readonly dispatcher: Dispatcher;
  readonly #opened: OpenedBackend;

  constructor(
    store: MemoryStore,
    pipeline: Pipeline,
    dispatcher: Dispatcher,
    opened: OpenedBackend,
  ) {
    this.store = store;
    this.pipeline = pipeline;
    this.dispatcher = dispatcher;
    this.#opened = opened;
  }

  static async start(place: BackendPlace, store = new MemoryStore()): Promise<Service> {
    const opened = await openBackend(place);
    const pipeline = new Pipeline({ store, stages: STAGES });
    const options = { pipeline, backend: opened.backend, sweepMs: SWEEP_MS };
    return new Service(store, pipeline, await Dispatcher.start(options), opened);
  }

  get backend() {
    return this.#opened.backend;
  }

  async work(handlers: Partial<Record<StageName, StageHandler>>, concurrency = 4): Promise<void> {
    const report = reportThrough(this.backend);
    for (const name of HTTP_ROUTE) {
      const handler = handlers[name] ?? passing;
      const stage = STAGES[name];
      await startStageWorker({ backend: this.backend, stage, handler, report, concurrency });
    }
  }

  async submit(id: string, more: { deadlineMs?: number } = {}): Promise<void> {
    await this.pipeline.submit({ id, route: HTTP_ROUTE, request: { model: 'ab' }, ...more });
  }

  async ended(id: string): Promise<JobRecord> {
    for (;;) {
      const job = await this.pipeline.get(id);
      if (job !== undefined && job.outcome !== null) return job;
      await sleep(10);
    }
  }

  async close(): Promise<void> {
    await this.dispatcher.close();
    await this.#opened.close();
  }
}

const subjects = await backendSubjects();
for (const subject of subjects) {
  after(() => subject.stop());

  const check = (name: string, body: (service: Service, place: BackendPlace) => Promise<void>) =>
    test(`${subject.name}: ${name}`, { timeout: 60_000 }, async () => {
      const place = subject.place();
      const service = await Service.start(place);
      try {
        await body(service, place);
      } finally {
        await service.close();
      }
    });

  const endsAs = async (service: Service, id: string, status: JobStatus, code: string) => {
    const job = await service.ended(id);
    assert.deepEqual([statusOf(job), job.outcome?.code], [status, code]);
    return job;
  };

  check(
    'a job goes through its stages; later ones get the results of earlier ones',
    async (service) => {
      const seen: unknown[] = [];
      const prove: StageHandler = async ({ jobId, request, results }) => {
        seen.push({ jobId, request, results });
        return { result: { proof: 'ref' } };
      };
      await service.work({ prove });
      await service.submit('job');
      const job = await endsAs(service, 'job', 'done', 'QUEUE_DONE');
      const results = { fetch: { of: 'fetch' }, infer: { of: 'infer' } };
      assert.deepEqual(seen, [{ jobId: 'job', request: { model: 'ab' }, results }]);
      assert.deepEqual(job.results.prove, { proof: 'ref' });
    },
  );

  check('an error that may pass is tried again, then the job goes on', async (service) => {
    const attempts: number[] = [];
    const infer: StageHandler = async ({ attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new EnvironmentError({ code: 'NOT_YET', what: 'it' });
      return { result: {} };
    };
    await service.work({ infer });
    await service.submit('job');
    await endsAs(service, 'job', 'done', 'QUEUE_DONE');
    assert.deepEqual(attempts, [1, 2, 3]);
  });

  check('a task that is handed back costs no try, however often', async (service) => {
    const attempts: number[] = [];
    const infer: StageHandler = async ({ attempt }, { handBack }) => {
      attempts.push(attempt);
      if (attempts.length < 6) handBack(10);
      return { result: {} };
    };
    await service.work({ infer });
    await service.submit('job');
    const job = await endsAs(service, 'job', 'done', 'QUEUE_DONE');
    assert.deepEqual(attempts, [1, 1, 1, 1, 1, 1]);
    assert.ok(!job.events.some(({ what }) => what === 'retrying'));
  });

  check('an error that does not pass ends the job', async (service) => {
    let tries = 0;
    const infer: StageHandler = async () => {
      tries += 1;
      throw new InputError({ code: 'BAD_INPUT', what: 'it' });
    };
    await service.work({ infer });
    await service.submit('job');
    assert.equal((await endsAs(service, 'job', 'failed', 'BAD_INPUT')).outcome?.stage, 'infer');
    assert.equal(tries, 1);
  });

  check('a try that takes too long is aborted, and counts as one', async (service) => {
    const reasons: string[] = [];
    const fetch: StageHandler = async (_, { signal }) => {
      await once(signal, 'abort');
      reasons.push((signal.reason as { code: string }).code);
      throw new Error('it was said in other words');
    };
    await service.work({ fetch });
    await service.submit('job');
    const job = await endsAs(service, 'job', 'failed', 'QUEUE_STAGE_TIMEOUT');
    assert.equal(job.attempt, 3);
    assert.deepEqual(reasons, Array(3).fill('QUEUE_STAGE_TIMEOUT'));
  });

  check('cancelled while it runs, the handler is told and its result ignored', async (service) => {
    let begun = false;
    let code: unknown;
    const fetch: StageHandler = async (_, { signal }) => {
      begun = true;
      await once(signal, 'abort');
      code = (signal.reason as { code: string }).code;
      return { result: {} };
    };
    await service.work({ fetch });
    await service.submit('job');
    while (!begun) await sleep(5);
    await service.pipeline.cancel('job');
    while (code === undefined) await sleep(5);
    assert.equal(code, 'QUEUE_TASK_REMOVED');
    await sleep(300);
    await endsAs(service, 'job', 'cancelled', 'QUEUE_CANCELLED');
  });

  check('cancelled while it waits, it is not begun', async (service) => {
    await service.submit('job');
    await service.pipeline.cancel('job');
    await sleep(50);
    await service.work({ fetch: async () => assert.fail('begun') });
    await sleep(200);
    await endsAs(service, 'job', 'cancelled', 'QUEUE_CANCELLED');
  });

  check('a job whose deadline passes while it waits expires', async (service) => {
    await service.submit('job', { deadlineMs: Date.now() + 100 });
    await endsAs(service, 'job', 'expired', 'QUEUE_DEADLINE_PASSED');
    assert.equal((await service.backend.counts('fetch')).waiting, 0);
  });

  check('the job with the earliest deadline is done first', async (service) => {
    const order: string[] = [];
    const inMinutes = (minutes: number) => ({ deadlineMs: Date.now() + minutes * 60_000 });
    await service.submit('none');
    await service.submit('late', inMinutes(30));
    await service.submit('soon', inMinutes(5));
    await sleep(100);
    const fetch: StageHandler = async ({ jobId }) => {
      order.push(jobId);
      return { result: {} };
    };
    await service.work({ fetch }, 1);
    for (const id of ['none', 'late', 'soon']) await service.ended(id);
    assert.deepEqual(order, ['soon', 'late', 'none']);
  });

  check('a result that is too large fails the job', async (service) => {
    await service.work({ infer: async () => ({ result: { x: 'x'.repeat(3_000) } }) });
    await service.submit('job');
    await endsAs(service, 'job', 'failed', 'QUEUE_RESULT_TOO_LARGE');
  });

  check('tasks that the backend lost are enqueued again', async (service) => {
    await service.submit('job');
    await sleep(50);
    const { fence } = (await service.pipeline.get('job'))!;
    await service.backend.remove('fetch', `job-fetch-${fence}`);
    await service.work({});
    await endsAs(service, 'job', 'done', 'QUEUE_DONE');
  });

  check('a service that starts again goes on with what waited', async (service, place) => {
    for (let i = 0; i < 20; i++) await service.submit(`job-${i}`);
    await service.close();
    const again = await Service.start(place, service.store);
    await again.work({});
    for (let i = 0; i < 20; i++) await endsAs(again, `job-${i}`, 'done', 'QUEUE_DONE');
    await again.close();
  });

  check('a job that kills its workers is parked, and can be retried', async (service, place) => {
    await service.submit('job');
    await sleep(100);
    await service.close();
    const { maxCrashes } = STAGES.fetch;
    for (let crashes = 0; crashes < maxCrashes; crashes++) {
      await once(fork(CRASHER, [JSON.stringify(place)]), 'close');
    }
    const again = await Service.start(place, service.store);
    let begun = false;
    const fetch: StageHandler = async () => {
      begun = true;
      return { result: {} };
    };
    await again.work({ fetch });
    await endsAs(again, 'job', 'parked', 'QUEUE_POISONED');
    assert.equal(begun, false);
    await again.pipeline.retry('job');
    await endsAs(again, 'job', 'done', 'QUEUE_DONE');
    await again.close();
  });
}
