import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EnvironmentError, InputError } from '@zkinfer/core';
import { fileModelSource } from './file-model-source.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-model-'));
  await mkdir(join(folder, 'model'));
  await writeFile(join(folder, 'model', 'model.json'), '{"a":"ä"}');
  await writeFile(join(folder, 'model', 'w.bin'), Uint8Array.of(1, 2, 3));
  await writeFile(join(folder, 'secret.bin'), 'outside');
});

after(() => rm(folder, { recursive: true }));

const coded =
  (type: typeof InputError | typeof EnvironmentError, code: string) => (error: unknown) =>
    error instanceof type && error.code === code;

test('reads a model by its folder or by its JSON file', async () => {
  for (const path of [join(folder, 'model'), join(folder, 'model', 'model.json')]) {
    const source = fileModelSource(path);
    assert.equal(await source.readModelJson(), '{"a":"ä"}');
    assert.deepEqual([...(await source.readShard('w.bin'))], [1, 2, 3]);
  }
});

test('refuses weight files outside the folder, however they are written', async () => {
  const source = fileModelSource(join(folder, 'model'));
  const absolute = join(folder, 'secret.bin');
  for (const path of [
    '../secret.bin',
    absolute,
    'a/../../secret.bin',
    '..',
    '.',
    '',
    '..\\x',
    './w.bin',
  ]) {
    await assert.rejects(source.readShard(path), coded(InputError, 'CIRCUITS_MODEL_SHARD_PATH'));
  }
});

test('says which file is missing', async () => {
  const missing = fileModelSource(join(folder, 'nothing'));
  await assert.rejects(missing.readModelJson(), coded(InputError, 'CIRCUITS_MODEL_MISSING'));
  const empty = fileModelSource(folder);
  await assert.rejects(empty.readModelJson(), coded(InputError, 'CIRCUITS_MODEL_MISSING'));
  const source = fileModelSource(join(folder, 'model'));
  await assert.rejects(
    source.readShard('v.bin'),
    coded(InputError, 'CIRCUITS_MODEL_SHARD_MISSING'),
  );
});

test('a file that cannot be read is no fault of the model', async () => {
  await mkdir(join(folder, 'model', 'folder.bin'), { recursive: true });
  const source = fileModelSource(join(folder, 'model'));
  await assert.rejects(
    source.readShard('folder.bin'),
    coded(EnvironmentError, 'CIRCUITS_MODEL_UNREADABLE'),
  );
});
