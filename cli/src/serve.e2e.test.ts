/** `zkinfer serve` as operators run it: beside a worker, killed, started twice, with keys, on a chain. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type JobView, type Overview, servicePath } from '@zkinfer/core/service';
import { waitUntil } from '@zkinfer/core/testing';
import { RedisProcess, redisIsAvailable } from '@zkinfer/queue/testing';
import { deployAll } from '@zkinfer/verifier-contracts';
import {
  DEVELOPMENT_CHAIN_ID,
  DeploymentsFile,
  LocalChain,
} from '@zkinfer/verifier-contracts/node';
import {
  assertFails,
  exampleModel,
  runZkinfer,
  temporaryFolder,
  zkinferJson,
} from './testing/run-zkinfer.ts';
import { ServeProcess } from './testing/serve-process.ts';
import { WorkerProcess } from './testing/worker-process.ts';

const folder = temporaryFolder();
const models = join(folder, 'models');
const JOBS = 8;
let modelDigest: string;

before(async () => {
  const compiled = join(models, 'iris');
  await zkinferJson('compile', exampleModel('iris-mlp'), '--out', compiled);
  await zkinferJson('setup', compiled, '--development');
  modelDigest = JSON.parse(readFileSync(join(compiled, 'manifest.json'), 'utf8')).modelDigest;
});

const dataOf = (name: string) => ['--data', join(folder, name), '--models', models];

async function submit(service: ServeProcess, flower: number): Promise<JobView> {
  const reals = [[5, 3, 1 + flower / 10, 0.2]];
  return service.ask(servicePath('jobs'), { body: { modelDigest, input: { reals } } });
}

const skip = !redisIsAvailable('a service and a worker that are killed');

test('a service and a worker are killed and started anew: every job is done', {
  skip,
}, async () => {
  const redis = await RedisProcess.start();
  const data = dataOf('killed');
  const args = [...data, '--redis', redis.url, '--workers', '0'];
  const workerArgs = ['--redis', redis.url, ...data, '--lock', '2s'];
  let service = await ServeProcess.start(...args, '--port', '0');
  let worker = await WorkerProcess.start({ args: [...workerArgs, '--name', 'first'] });
  try {
    const jobs = await Promise.all(Array.from({ length: JOBS }, (_, i) => submit(service, i)));
    const stateOf = ({ id }: JobView): Promise<JobView> => service.ask(servicePath('job', { id }));
    const done = async () => {
      const views = await Promise.all(jobs.map(stateOf));
      return views.filter(({ status }) => status === 'done').length;
    };
    await waitUntil(async () => (await done()) >= 1);
    await worker.kill();
    await service.kill();
    service = await ServeProcess.start(...args, '--port', '0');
    worker = await WorkerProcess.start({ args: [...workerArgs, '--name', 'second'] });
    await waitUntil(async () => (await done()) === JOBS);
    const overview: Overview = await service.ask(servicePath('overview'));
    assert.equal(overview.backend.name, 'bullmq');
    assert.equal(overview.jobs.find(({ status }) => status === 'done')?.count, JOBS);
    assert.equal(await service.stop(), 0);
  } finally {
    await worker.kill();
    await service.kill();
    await redis.stop();
  }
});

test('keys let in those whom they are for, at once and no longer', async () => {
  const data = dataOf('keyed');
  const { key } = await zkinferJson(
    'api-key',
    'create',
    'me',
    '--role',
    'client',
    ...data.slice(0, 2),
  );
  await assertFails(
    2,
    'QUEUE_API_KEY_EXISTS',
    'api-key',
    'create',
    'me',
    '--role',
    'client',
    ...data.slice(0, 2),
  );
  const service = await ServeProcess.start(...data, '--no-anonymous', '--port', '0');
  try {
    const models = servicePath('models');
    assert.match((await service.ask(models)).error.code, /^QUEUE_HTTP_/);
    assert.equal((await service.ask(models, { key })).length, 1);
    const overview = await service.ask(servicePath('overview'), { key });
    assert.match(overview.error.code, /^QUEUE_HTTP_/, 'a client is no operator');
    await runZkinfer('api-key', 'revoke', 'me', ...data.slice(0, 2));
    await waitUntil(async () => 'error' in (await service.ask(models, { key })));
  } finally {
    await service.kill();
  }
});

test('two services on one data directory, and one without keys, are refused', async () => {
  const data = dataOf('twice');
  const service = await ServeProcess.start(...data, '--port', '0');
  try {
    await assertFails(3, 'QUEUE_STORE_LOCKED', 'serve', ...data, '--port', '0');
  } finally {
    await service.kill();
  }
  await assertFails(2, 'QUEUE_NO_API_KEYS', 'serve', ...data, '--no-anonymous', '--port', '0');
});

test('every figure that an alert looks at is told by a service on a chain', async () => {
  await using chain = await LocalChain.start();
  const deployments = join(folder, 'deployments');
  const deployment = await deployAll(chain.signer(0), { minDelaySeconds: 0n });
  await new DeploymentsFile(deployments, BigInt(DEVELOPMENT_CHAIN_ID)).append(deployment);
  const onChain = ['--rpc', chain.url, '--deployments', deployments, '--account', '3'];
  const service = await ServeProcess.start(...dataOf('alerts'), ...onChain, '--port', '0');
  try {
    const text = await (await fetch(service.url + servicePath('metrics'))).text();
    const told = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name!));
    const rules = fileURLToPath(new URL('../../deploy/prometheus/alerts.yml', import.meta.url));
    const named = readFileSync(rules, 'utf8').matchAll(/\b(zkinfer_\w+|nodejs_\w+|process_\w+)/g);
    for (const [, name] of named) {
      assert.ok(told.has(name!) || told.has(name!.replace(/_count$/, '')), name);
    }
  } finally {
    await service.kill();
  }
});
