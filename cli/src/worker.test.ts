/** What `zkinfer worker` says when it cannot begin. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { writeProvableTestModel } from '@zkinfer/queue/testing';
import { assertFails, temporaryFolder } from './testing/run-zkinfer.ts';

const folder = temporaryFolder();
const [data, models, empty] = ['data', 'models', 'empty'].map((name) => join(folder, name));
const STORES = ['--data', data!, '--models', models!];
/** Where nothing listens. */
const NOWHERE = 'redis://user:secret@127.0.0.1:1';

before(async () => {
  for (const path of [data!, models!, empty!]) mkdirSync(path);
  await writeProvableTestModel(join(models!, 'small'));
});

test('it must be told of one source of inputs and models, and of a queue', async () => {
  const redis = ['--redis', NOWHERE];
  await assertFails(2, 'CLI_ARTIFACTS', 'worker', ...redis);
  await assertFails(2, 'CLI_ARTIFACTS', 'worker', ...redis, '--data', data!);
  await assertFails(2, 'CLI_ARTIFACTS', 'worker', ...redis, ...STORES, '--service', 'http://[::1]');
  // In place of a variable that may be set here.
  await assertFails(2, 'CLI_NO_REDIS', 'worker', '--redis', '', ...STORES);
});

test('without models there is nothing to do, and it says so', async () => {
  const stores = ['--data', data!, '--models', empty!];
  await assertFails(2, 'CLI_NO_MODELS', 'worker', '--redis', NOWHERE, ...stores);
});

test('a Redis or a service that does not answer is named, passwords are not', async () => {
  const urlFile = join(folder, 'redis-url');
  writeFileSync(urlFile, `${NOWHERE}\n`, { mode: 0o600 });
  const reached = [
    await assertFails(3, 'QUEUE_REDIS_UNREACHABLE', 'worker', '--redis', NOWHERE, ...STORES),
    await assertFails(
      3,
      'QUEUE_REDIS_UNREACHABLE',
      'worker',
      '--redis-url-file',
      urlFile,
      ...STORES,
    ),
  ];
  for (const { stdout, stderr } of reached) {
    assert.match(stderr, /127\.0\.0\.1:1/);
    assert.ok(!`${stdout}${stderr}`.includes('secret'));
  }
  const service = ['--service', 'http://127.0.0.1:1', '--cache', empty!];
  await assertFails(3, 'QUEUE_ARTIFACTS_UNAVAILABLE', 'worker', '--redis', NOWHERE, ...service);
});
