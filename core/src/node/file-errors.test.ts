import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvironmentError, InputError } from '../errors.ts';
import { readError, writeError } from './file-errors.ts';

const system = (code: string) => Object.assign(new Error(code), { code, syscall: 'write' });

test('failed writes say whether space, permission or something else lacked', () => {
  const codes: [string, string][] = [
    ['ENOSPC', 'CORE_DISK_FULL'],
    ['EDQUOT', 'CORE_DISK_FULL'],
    ['EACCES', 'CORE_WRITE_DENIED'],
    ['EROFS', 'CORE_WRITE_DENIED'],
    ['EIO', 'CORE_WRITE_FAILED'],
  ];
  for (const [got, expected] of codes) {
    const error = writeError(system(got), 'a.bin');
    assert.ok(error instanceof EnvironmentError);
    assert.equal(error.code, expected);
    assert.ok(error.what.includes('a.bin'));
  }
});

test('what is no failure of the system passes a failed write unchanged', () => {
  const ours = new InputError({ code: 'CORE_SOMETHING', what: 'x' });
  assert.equal(writeError(ours, 'a.bin'), ours);
  const defect = new TypeError('x');
  assert.equal(writeError(defect, 'a.bin'), defect);
});

test('failed reads tell a missing file from one that cannot be read', () => {
  assert.equal(readError(system('ENOENT'), 'a.bin').code, 'CORE_FILE_MISSING');
  assert.equal(readError(system('EACCES'), 'a.bin').code, 'CORE_READ_FAILED');
  assert.equal(readError(system('EISDIR'), 'a.bin').code, 'CORE_READ_FAILED');
});
