import assert from 'node:assert/strict';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SILENT_LOGGER } from '@zkinfer/core';
import { verificationKeyHash } from '@zkinfer/verifier-contracts';
import { DirectoryModelStore } from '../artifacts/directory-model-store.ts';
import { ServedModels } from '../models/served-models.ts';
import { writeProvableTestModel } from '../testing/small-model.ts';
import { ModelWatch } from './model-watch.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-watch-'));
  await writeProvableTestModel(join(folder, 'one'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('a model is known by its key while its directory is there', async () => {
  const store = new DirectoryModelStore({ directory: folder });
  const described = new ServedModels({ models: store });
  const watch = new ModelWatch({ store, described, logger: SILENT_LOGGER });
  assert.equal(watch.models.size, 0);
  await watch.look();
  const { modelDigest, verificationKey, rows } = (await described.list())[0]!;
  const { keyHash, circuit } = watch.models.get(modelDigest)!;
  assert.equal(keyHash, verificationKeyHash(verificationKey as never));
  assert.equal(circuit.rows, rows);
  await rename(join(folder, 'one'), join(folder, '.one'));
  await watch.look();
  assert.equal(watch.models.size, 0);
});
