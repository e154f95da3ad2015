import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { SILENT_LOGGER } from '@zkinfer/core';
import { drawApiKey, webhookSecretOf } from './api-key.ts';
import { createApiKey, readApiKeys, revokeApiKey } from './api-key-file.ts';
import { ApiKeys } from './api-keys.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-keys-'));
  path = join(folder, 'keys.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Looks at its file before each answer. */
const open = () => ApiKeys.open(path, { reloadMs: 0 });

test('a key is found by its text and by its name, with what it may do', async () => {
  const { key, webhookSecret } = await createApiKey(
    path,
    { name: 'alice', roles: ['client', 'operator'], ratePerMinute: 7, dailyJobs: 3 },
    123,
  );
  assert.match(key, /^zk_client_[0-9a-f]{64}$/);
  const keys = await open();
  const found = await keys.find(key);
  assert.deepEqual(
    { ...found, sha256: undefined },
    {
      name: 'alice',
      sha256: undefined,
      webhookSecret,
      roles: ['client', 'operator'],
      ratePerMinute: 7,
      dailyJobs: 3,
      createdAt: 123,
    },
  );
  assert.deepEqual(await keys.named('alice'), found);
  assert.equal(await keys.named('bob'), undefined);
});

test('other texts are no keys: another key, a part, the digest, much more', async () => {
  const { key } = await createApiKey(path, { name: 'alice', roles: ['client'] });
  const keys = await open();
  const { sha256 } = (await keys.find(key))!;
  for (const text of [
    drawApiKey('client'),
    key.slice(0, -1),
    `${key} `,
    key.toUpperCase(),
    sha256,
    '',
    'x'.repeat(1e5),
  ]) {
    assert.equal(await keys.find(text), undefined);
  }
});

test('the file holds no key, and is for its owner alone', async () => {
  const { key } = await createApiKey(path, { name: 'alice', roles: ['worker'] });
  assert.equal((await readFile(path, 'utf8')).includes(key), false);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('receivers derive the secret of webhooks from the key', async () => {
  const { key, webhookSecret } = await createApiKey(path, { name: 'alice', roles: ['client'] });
  assert.equal(webhookSecretOf(key), webhookSecret);
  assert.notEqual(webhookSecretOf(drawApiKey('client')), webhookSecret);
});

test('a name is taken once; a name that could be a path is refused', async () => {
  await createApiKey(path, { name: 'alice', roles: ['client'] });
  const again = createApiKey(path, { name: 'alice', roles: ['client'] });
  await assert.rejects(again, { code: 'QUEUE_API_KEY_EXISTS' });
  for (const name of ['../x', 'a/b', 'A', '', '-a', 'a\nb']) {
    const created = createApiKey(path, { name, roles: ['client'] });
    await assert.rejects(created, { code: 'CORE_SCHEMA' });
  }
  assert.equal((await readApiKeys(path)).length, 1);
});

test('keys that are made and revoked count at once', async () => {
  const { key: first } = await createApiKey(path, { name: 'first', roles: ['client'] });
  const keys = await open();
  const { key: second } = await createApiKey(path, { name: 'second', roles: ['client'] });
  assert.equal((await keys.find(second))?.name, 'second');
  await revokeApiKey(path, 'first');
  assert.equal(await keys.find(first), undefined);
  assert.equal(await keys.named('first'), undefined);
  const unknown = { code: 'QUEUE_API_KEY_UNKNOWN' };
  await assert.rejects(revokeApiKey(path, 'first'), unknown);
});

test('a file that is damaged leaves the keys as they were and is told of; one that is gone leaves none', async () => {
  const { key } = await createApiKey(path, { name: 'alice', roles: ['client'] });
  const errors: object[] = [];
  const logger = { ...SILENT_LOGGER, error: (fields: object) => errors.push(fields) };
  const keys = await ApiKeys.open(path, { reloadMs: 0, logger });
  await writeFile(path, '{"version":1,"keys":[{}]}');
  assert.equal((await keys.find(key))?.name, 'alice');
  assert.deepEqual(errors[0], { code: 'CORE_SCHEMA' });
  await rm(path);
  assert.equal(await keys.find(key), undefined);
});

test('a service does not start on a file that is damaged or missing', async () => {
  await assert.rejects(open(), { code: 'CORE_FILE_MISSING' });
  await writeFile(path, 'keys');
  await assert.rejects(open(), { code: 'CORE_JSON_SYNTAX' });
});

test('without a file there are no keys', async () => {
  assert.equal(await ApiKeys.none().find(drawApiKey('operator')), undefined);
});
