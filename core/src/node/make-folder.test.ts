import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { EnvironmentError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'zkinfer-make-folder-'));
after(() => rmSync(folder, { recursive: true }));

const isRefused = (error: unknown) =>
  error instanceof EnvironmentError && error.code.startsWith('CORE_WRITE_');

test('a folder is made with its parents, by a relative path too, and again without effect', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await makeFolder(path);
  await makeFolder(path);
  await makeFolder(relative(process.cwd(), join(folder, 'd', 'e')));
  assert.ok(existsSync(path) && existsSync(join(folder, 'd', 'e')));
});

test('parents get the mode asked for', async (context) => {
  if (process.platform === 'win32') {
    context.skip('Windows has no such modes');
    return;
  }
  const path = join(folder, 'secret', 'of', 'mine');
  await makeFolder(path, { mode: 0o700 });
  const modes = [path, join(folder, 'secret')].map((made) => statSync(made).mode & 0o777);
  assert.deepEqual(modes, [0o700, 0o700]);
});

test('many at once make the same folder', async () => {
  const path = join(folder, 'same', 'for', 'all');
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(path)));
  assert.ok(existsSync(path));
});

test('a file in the way is refused', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await assert.rejects(makeFolder(file), isRefused);
  await assert.rejects(makeFolder(join(file, 'below', 'it')), isRefused);
});

test('a file system that makes no folders is refused, and not asked for ever', async (context) => {
  if (!existsSync('/proc/self')) {
    context.skip('there is no /proc on this system');
    return;
  }
  await assert.rejects(makeFolder('/proc/zkinfer'), isRefused);
  await assert.rejects(makeFolder('/proc/zkinfer/below'), isRefused);
});
