import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { readClassLabels } from './class-labels.ts';

const refused = (argument: string, classes: number) =>
  assert.rejects(
    readClassLabels(argument, classes),
    (error) => error instanceof InputError && error.code === 'CLI_LABEL_NAMES',
  );

test('names are given between commas, or one a line in a file', async () => {
  assert.deepEqual(await readClassLabels('cat, dog', 2), ['cat', 'dog']);
  const folder = await mkdtemp(join(tmpdir(), 'zkinfer-labels-'));
  try {
    const path = join(folder, 'names.txt');
    await writeFile(path, 'a cat, grey\r\na dog\n\n');
    assert.deepEqual(await readClassLabels(path, 2), ['a cat, grey', 'a dog']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('too few, too many and repeated names are refused', async () => {
  await refused('cat', 2);
  await refused('cat,dog,cow', 2);
  await refused('cat,cat', 2);
});
