import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareFolder } from './prepare-folder.ts';
import { temporaryFolder } from './testing/run-zkinfer.ts';

const folder = temporaryFolder();

test('a folder is made with its parents, and one that is there keeps its files', async () => {
  const path = join(folder, 'a', 'b');
  await prepareFolder(path);
  assert.equal(existsSync(path), true);
  writeFileSync(join(path, 'proof.json'), '');
  await prepareFolder(path);
  assert.deepEqual(readdirSync(path), ['proof.json']);
});

test('what an interrupted process left in it goes', async () => {
  // No process has this number: Linux ends at 2^22, and others below 2^31.
  writeFileSync(join(folder, `proof.json.tmp-${2 ** 31 - 1}-0123456789ab`), 'half');
  await prepareFolder(folder);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('.tmp-')),
    [],
  );
});

test('a path that cannot be a folder is refused as an error of the machine', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await assert.rejects(prepareFolder(file), { code: 'CORE_WRITE_FAILED' });
  await assert.rejects(prepareFolder(join(file, 'below')), { code: 'CORE_WRITE_FAILED' });
});
