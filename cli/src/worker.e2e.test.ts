/** Workers as processes, killed and cut off in the middle of real proofs of the iris model. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCompiledModel } from '@zkinfer/circuits';
import { EnvironmentError } from '@zkinfer/core';
import { waitUntil } from '@zkinfer/core/testing';
import {
  BullmqBackend,
  consumeWorkerStatus,
  DEFAULT_STAGES,
  DirectoryBlobStore,
  dataLayout,
  requireStageResult,
  statusOf,
} from '@zkinfer/queue';
import { InferenceService, RedisProcess, redisIsAvailable } from '@zkinfer/queue/testing';
import { NetworkNamespace } from './testing/network-namespace.ts';
import { exampleModel, temporaryFolder, zkinferJson } from './testing/run-zkinfer.ts';
import { WorkerProcess } from './testing/worker-process.ts';

const folder = temporaryFolder();
const [data, models] = [join(folder, 'data'), join(folder, 'models')];
const IRIS = join(models, 'iris');
/** Quantised features of a flower. */
const FLOWER = [1, 2, 3, 4];
const LOCK_SECONDS = 2;

/** Everything that ends when a test ends, the last first. */
type CleanUp = (() => unknown)[];

async function withCleanUp(body: (cleanUp: CleanUp) => Promise<void>): Promise<void> {
  const cleanUp: CleanUp = [];
  try {
    await body(cleanUp);
  } finally {
    for (const end of cleanUp.reverse()) await end();
  }
}

/** A service on a Redis, and the options of workers that reach it at a host. */
async function startService(cleanUp: CleanUp, redisSettings: readonly string[] = []) {
  const redis = await RedisProcess.start(redisSettings);
  cleanUp.push(() => redis.stop());
  const service = await InferenceService.start({
    model: await openCompiledModel(IRIS),
    backend: await BullmqBackend.open({ url: redis.url, lockMs: 1_000 * LOCK_SECONDS }),
    blobs: new DirectoryBlobStore(dataLayout(data).blobs),
  });
  cleanUp.push(() => service.close());
  const argsOf = (name: string, host = '127.0.0.1') => [
    ...['--redis', redis.url.replace('127.0.0.1', host), '--data', data, '--models', models],
    ...['--lock', `${LOCK_SECONDS}s`, '--name', name],
    ...['--allow', service.model.directory.manifest.modelDigest],
  ];
  return { service, argsOf };
}

async function startWorker(
  cleanUp: CleanUp,
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start({ args, prefix });
  cleanUp.push(() => worker.kill());
  return worker;
}

const isRunning = (service: InferenceService) => async () =>
  (await service.backend.counts('prove')).running === 1;

/** Whether a network of machines can be had; says what is left out. */
function networkIsAvailable(): boolean {
  const lacking = NetworkNamespace.lacking();
  if (lacking === undefined) return true;
  if (process.env.CI) {
    throw new EnvironmentError({ code: 'CLI_TEST_NETWORK', what: lacking });
  }
  process.stderr.write(`Left out the test of workers that are cut off: ${lacking}.\n`);
  return false;
}

if (redisIsAvailable('the tests of workers as processes')) {
  before(async () => {
    await zkinferJson('compile', exampleModel('iris-mlp'), '--out', IRIS);
    await zkinferJson('setup', IRIS, '--development');
  });

  test(
    'a worker keeps its task while it proves, and when it is killed, another one resumes',
    {
      timeout: 300_000,
    },
    () =>
      withCleanUp(async (cleanUp) => {
        const { service, argsOf } = await startService(cleanUp);
        const first = await startWorker(cleanUp, argsOf('first'));
        first.freezeProving();
        await service.submit('job', FLOWER);
        await waitUntil(isRunning(service));
        const second = await startWorker(cleanUp, argsOf('second'));
        // Longer than a lock that nobody renews: the second would have it by now.
        await sleep(2_500 * LOCK_SECONDS);
        assert.equal((await service.pipeline.get('job'))?.outcome, null);
        await first.kill();
        const job = await service.done('job');
        assert.equal(requireStageResult(job.results, 'prove').worker, 'second');
        assert.ok(!job.events.some(({ what }) => what === 'retrying'));
        first.thawProving();
        await waitUntil(() => !first.isProvingAlive());
        assert.equal(await second.stop(), 0);
      }),
  );

  test(
    'a worker that is asked to end finishes its proof, takes no other, and exits with 0',
    {
      timeout: 300_000,
    },
    () =>
      withCleanUp(async (cleanUp) => {
        const { service, argsOf } = await startService(cleanUp);
        const worker = await startWorker(cleanUp, argsOf('only'));
        worker.freezeProving();
        await service.submit('job', FLOWER);
        await waitUntil(isRunning(service));
        const stopped = worker.stop();
        await worker.says('Finishing what runs');
        await service.submit('late', FLOWER);
        worker.thawProving();
        assert.equal(await stopped, 0);
        await service.done('job');
        assert.equal((await service.pipeline.get('late'))?.stage, 'infer');
      }),
  );

  test(
    'a job that takes worker after worker with it is parked; other jobs are done',
    {
      timeout: 300_000,
    },
    () =>
      withCleanUp(async (cleanUp) => {
        const { service, argsOf } = await startService(cleanUp);
        const proving = new Set<string>();
        const statuses = await consumeWorkerStatus(service.backend, ({ workerId, running }) => {
          if (running.some(({ stage }) => stage === 'prove')) proving.add(workerId);
        });
        cleanUp.push(() => statuses.close());
        const startFrozen = async (name: string) => {
          const worker = await startWorker(cleanUp, argsOf(name));
          worker.freezeProving();
          return worker;
        };
        let next = await startFrozen('victim-1');
        await service.submit('poison', FLOWER);
        for (let crash = 1; crash <= DEFAULT_STAGES.prove.maxCrashes; crash++) {
          const victim = next;
          await waitUntil(() => proving.has(`victim-${crash}`));
          next = await startFrozen(`victim-${crash + 1}`);
          await victim.kill();
          // Without its worker it ends, once it can.
          victim.thawProving();
        }
        const job = await service.ended('poison');
        assert.deepEqual([statusOf(job), job.outcome?.code], ['parked', 'QUEUE_POISONED']);
        next.thawProving();
        await service.submit('harmless', FLOWER);
        const { results } = await service.done('harmless');
        const survivor = `victim-${DEFAULT_STAGES.prove.maxCrashes + 1}`;
        assert.equal(requireStageResult(results, 'prove').worker, survivor);
      }),
  );

  if (networkIsAvailable()) {
    test(
      'a worker that is cut off in a proof, and back, changes nothing: the job ends once',
      {
        timeout: 300_000,
      },
      () =>
        withCleanUp(async (cleanUp) => {
          const machines = [1, 2].map((number) => {
            const machine = NetworkNamespace.create(number);
            cleanUp.push(() => machine.delete());
            return machine;
          });
          const [one, two] = machines as [NetworkNamespace, NetworkNamespace];
          const addresses = ['127.0.0.1', one.hostAddress, two.hostAddress];
          const settings = ['--bind', ...addresses, '--protected-mode', 'no'];
          const { service, argsOf } = await startService(cleanUp, settings);
          const ends: string[] = [];
          service.pipeline.onTransition((job, before) => {
            if (before?.stage === 'prove') ends.push(`${job.id} ${job.outcome?.kind}`);
          });

          const first = await startWorker(cleanUp, argsOf('first', one.hostAddress), one.prefix);
          first.freezeProving();
          await service.submit('job', FLOWER);
          await waitUntil(isRunning(service));
          const second = await startWorker(cleanUp, argsOf('second', two.hostAddress), two.prefix);
          one.cut();
          const job = await service.done('job');
          assert.equal(requireStageResult(job.results, 'prove').worker, 'second');

          // It finishes a proof that nobody waits for, and says so when it is back.
          first.thawProving();
          assert.equal(await second.stop(), 0);
          one.mend();
          await service.submit('next', FLOWER);
          const next = await service.done('next');
          assert.equal(requireStageResult(next.results, 'prove').worker, 'first');
          await waitUntil(async () => (await service.backend.counts('reports')).waiting === 0);
          assert.deepEqual(await service.pipeline.get('job'), job);
          assert.deepEqual(ends, ['job done', 'next done']);
          assert.equal(await first.stop(), 0);
        }),
    );
  }
}
