import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type JobResult, type JobView, type Overview, servicePath } from '@zkinfer/core/service';
import { waitUntil } from '@zkinfer/core/testing';
import { writeProvableTestModel } from '../testing/small-model.ts';
import { openService, type RunningService } from './open-service.ts';
import { readServiceConfig } from './service-config.ts';

let folder: string;
let modelDigest: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-service-'));
  const model = await writeProvableTestModel(join(folder, 'models', 'small'));
  modelDigest = model.directory.manifest.modelDigest;
});
after(() => rm(folder, { recursive: true, force: true }));

const VERSION = { version: '0.1.0' };

function configOf(changes: object = {}) {
  const http = { port: 0, anonymous: true };
  return readServiceConfig(
    { dataDirectory: 'data', models: 'models', http, ...changes },
    folder,
    '',
  );
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
async function ask(service: RunningService, path: string, body?: object): Promise<any> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(service.url + path, body === undefined ? {} : init);
  return answer.json();
}

test('a job goes in over HTTP and comes out proved; a restart still knows it', async () => {
  const service = await openService(configOf(), VERSION);
  let id: string;
  try {
    const submission = { modelDigest, input: { reals: [[1, 2]], inputSalt: '0' } };
    const job: JobView = await ask(service, servicePath('jobs'), submission);
    id = job.id;
    const view = (): Promise<JobView> => ask(service, servicePath('job', { id }));
    await waitUntil(async () => (await view()).status !== 'active');
    assert.equal((await view()).status, 'done', JSON.stringify(await view()));
    const result: JobResult = await ask(service, servicePath('jobResult', { id }));
    assert.equal(result.publicSignals.length, 3);
    const overview: Overview = await ask(service, servicePath('overview'));
    assert.equal(overview.backend.name, 'in-process');
    assert.equal(overview.minutes.at(-1)!.done + overview.minutes.at(-2)!.done, 1);
    await waitUntil(async () => (await service.overview()).workers.length === 1);
  } finally {
    await service.close();
  }
  const again = await openService(configOf({ workers: { embedded: 1 } }), VERSION);
  try {
    assert.equal((await ask(again, servicePath('job', { id }))).status, 'done');
    assert.equal((await again.overview()).jobs.find(({ status }) => status === 'done')?.count, 1);
  } finally {
    await again.close();
  }
});

test('a second service on the same data is refused', async () => {
  const service = await openService(configOf({ dataDirectory: 'held' }), VERSION);
  try {
    await assert.rejects(openService(configOf({ dataDirectory: 'held' }), VERSION), {
      code: 'QUEUE_STORE_LOCKED',
    });
    assert.equal((await fetch(`${service.url}/healthz`)).status, 200);
  } finally {
    await service.close();
  }
});

test('without keys, and without leave to do without, it does not start, and holds nothing', async () => {
  const http = { port: 0 };
  const refused = configOf({ dataDirectory: 'keyless', http });
  await assert.rejects(openService(refused, VERSION), { code: 'QUEUE_NO_API_KEYS' });
  const allowed = await openService(configOf({ dataDirectory: 'keyless' }), VERSION);
  await allowed.close();
});

test('a folder of models that is not there is said so', async () => {
  const config = configOf({ dataDirectory: 'modelless', models: 'nowhere' });
  await assert.rejects(openService(config, VERSION), { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' });
});
