import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  openAtomicFile,
  removeLeftovers,
  TemporaryFile,
  writeFileAtomically,
} from './atomic-write.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'zkinfer-atomic-'));
});
after(() => rm(root, { recursive: true, force: true }));

async function folder(name: string): Promise<string> {
  const path = join(root, name);
  await mkdir(path);
  return path;
}

test('writes a file, replacing one of that name, and leaves nothing else', async () => {
  const at = await folder('replace');
  await writeFile(join(at, 'a.bin'), 'old');
  const record = await writeFileAtomically(join(at, 'a.bin'), 'nëw');
  assert.equal(await readFile(join(at, 'a.bin'), 'utf8'), 'nëw');
  assert.deepEqual(await readdir(at), ['a.bin']);
  const sha256 = createHash('sha256').update('nëw').digest('hex');
  assert.deepEqual(record, { bytes: 4, sha256 });
});

test('a file in parts appears only when committed', async () => {
  const at = await folder('parts');
  const file = await openAtomicFile(join(at, 'a.bin'));
  await file.append(Uint8Array.of(1, 2));
  await file.append(Uint8Array.of(3));
  assert.equal(existsSync(join(at, 'a.bin')), false);
  const { bytes } = await file.commit();
  assert.equal(bytes, 3);
  assert.deepEqual([...(await readFile(join(at, 'a.bin')))], [1, 2, 3]);
  await file.abort();
  assert.ok(existsSync(join(at, 'a.bin')));
});

test('an aborted file leaves what was there', async () => {
  const at = await folder('abort');
  await writeFile(join(at, 'a.bin'), 'old');
  const file = await openAtomicFile(join(at, 'a.bin'));
  await file.append('new');
  await file.abort();
  await file.abort();
  assert.deepEqual(await readdir(at), ['a.bin']);
  assert.equal(await readFile(join(at, 'a.bin'), 'utf8'), 'old');
  await assert.rejects(file.append('more'), { code: 'CORE_FILE_ENDED' });
  await assert.rejects(file.commit(), { code: 'CORE_FILE_ENDED' });
});

test('a secret is unreadable to others from the first byte', async () => {
  const at = await folder('secret');
  const file = await openAtomicFile(join(at, 'opening.json'), { mode: 0o600 });
  const [temporary] = await readdir(at);
  assert.equal((await stat(join(at, temporary!))).mode & 0o777, 0o600);
  await file.commit();
  assert.equal((await stat(join(at, 'opening.json'))).mode & 0o777, 0o600);
});

test('a rename that fails removes the temporary file', async () => {
  const at = await folder('rename');
  await mkdir(join(at, 'a.bin'));
  await assert.rejects(writeFileAtomically(join(at, 'a.bin'), 'x'), { code: 'CORE_WRITE_FAILED' });
  assert.deepEqual(await readdir(at), ['a.bin']);
});

test('a folder that does not exist is an error of its own', async () => {
  const path = join(root, 'nowhere', 'a.bin');
  await assert.rejects(writeFileAtomically(path, 'x'), { code: 'CORE_WRITE_FAILED' });
});

test('a full disk is named as such, and the temporary file removed', {
  skip: existsSync('/dev/full') ? false : 'no /dev/full on this system',
}, async () => {
  const at = await folder('full');
  const temporary = join(at, 'a.bin.tmp');
  await writeFile(temporary, '');
  const file = new TemporaryFile(await open('/dev/full', 'w'), temporary, join(at, 'a.bin'));
  await assert.rejects(file.append('x'), { code: 'CORE_DISK_FULL' });
  assert.deepEqual(await readdir(at), []);
});

test('a folder without permission is named as such', {
  skip: existsSync('/sys') ? false : 'no /sys, which not even root may add files to',
}, async () => {
  await assert.rejects(writeFileAtomically('/sys/a.bin', 'x'), { code: 'CORE_WRITE_DENIED' });
});

test('leftovers of ended processes are removed, folders too; files of running ones stay', async () => {
  const at = await folder('leftovers');
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const names = [
    `a.bin.tmp-${ended}-0123456789ab`,
    `a.bin.tmp-${process.pid}-0123456789ab`,
    'b.tmp-x',
    'c.bin',
  ];
  for (const name of names) await writeFile(join(at, name), '');
  const half = `half.tmp-${ended}-ba9876543210`;
  await mkdir(join(at, half));
  await writeFile(join(at, half, 'a.bin'), '');
  assert.deepEqual((await removeLeftovers(at)).sort(), [names[0], half]);
  assert.deepEqual((await readdir(at)).sort(), names.slice(1).sort());
});
