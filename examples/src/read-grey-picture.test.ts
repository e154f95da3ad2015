import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EnvironmentError, InputError } from '@zkinfer/core';
import { modelFolder } from './model-folder.ts';
import { readGreyPicture } from './read-grey-picture.ts';

const FOLDER = modelFolder('mnist-lenet5');

test('a digit is read as bytes, one a pixel', () => {
  const { width, height, data } = readGreyPicture(join(FOLDER, 'digit-7.png'));
  assert.deepEqual([width, height, data.length], [28, 28, 28 * 28]);
});

test('a file that is missing, no file or no picture is refused', () => {
  const refused = (path: string, type: typeof InputError | typeof EnvironmentError, code: string) =>
    assert.throws(
      () => readGreyPicture(path),
      (error) => error instanceof type && error.code === code,
    );
  refused(join(FOLDER, 'missing.png'), InputError, 'CORE_FILE_MISSING');
  refused(FOLDER, EnvironmentError, 'CORE_READ_FAILED');
  refused(join(FOLDER, 'model.json'), InputError, 'EXAMPLES_PICTURE');
});

test('the quickstart refuses a picture that is missing, without a stack trace', () => {
  const quickstart = fileURLToPath(new URL('./quickstart.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [quickstart, 'missing.png'], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^error: there is no file .*missing\.png\n/);
  assert.doesNotMatch(stderr, /^ +at /m);
});
