import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readWholeFile, withFile } from './read-file.ts';

let folder: string;
let path: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-read-'));
  path = join(folder, 'ten.bin');
  await writeFile(
    path,
    Uint8Array.from({ length: 10 }, (_, i) => i),
  );
});
after(() => rm(folder, { recursive: true }));

test('behavior: a whole file, pieces of it, and as much as there is at its end', async () => {
  assert.equal((await readWholeFile(path)).length, 10);
  await withFile(path, async (file) => {
    assert.equal(file.size, 10);
    assert.deepEqual([...(await file.read(2, 3))], [2, 3, 4]);
    assert.deepEqual([...(await file.read(8, 5))], [8, 9]);
    assert.deepEqual([...(await file.read(20, 5))], []);
  });
});

test('error: a file that is missing, one that is a folder', async () => {
  const missing = readWholeFile(join(folder, 'missing'));
  await assert.rejects(missing, { code: 'CORE_FILE_MISSING' });
  await assert.rejects(readWholeFile(folder), { code: 'CORE_READ_FAILED' });
});

test('error: more bytes than memory has', async () => {
  const reading = withFile(path, (file) => file.read(0, Number.MAX_SAFE_INTEGER));
  await assert.rejects(reading, {
    code: 'PROVER_MEMORY_EXHAUSTED',
    expected: `${Number.MAX_SAFE_INTEGER} bytes`,
  });
});

test('error: what the work says of another file is not said of this one', async () => {
  const other = join(folder, 'other');
  const work = withFile(path, () => readFile(other));
  await assert.rejects(work, { code: 'ENOENT', path: other });
});
