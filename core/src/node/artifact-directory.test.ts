import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { sha256Hex } from '../artifacts/sha256.ts';
import { ArtifactDirectory, type ManifestTies } from './artifact-directory.ts';

const digest = (byte: string) => byte.repeat(32);
const ties: ManifestTies = {
  zkinfer: '0.1.0',
  sourceDigest: digest('01'),
  modelDigest: digest('02'),
  circuitDigest: digest('03'),
};
let root: string;
let path: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'zkinfer-artifacts-'));
  path = join(root, 'deep', 'compiled');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const create = () =>
  ArtifactDirectory.create(path, ties, {
    'model.json': '{}\n',
    'weights.bin': Uint8Array.of(1, 2, 3),
  });

test('what is created opens, reads and verifies', async () => {
  await create();
  const directory = await ArtifactDirectory.open(path);
  assert.equal(directory.manifest.modelDigest, ties.modelDigest);
  assert.equal(await directory.readText('model.json'), '{}\n');
  assert.deepEqual([...(await directory.read('weights.bin'))], [1, 2, 3]);
  await directory.verify();
  assert.deepEqual((await readdir(path)).sort(), ['manifest.json', 'model.json', 'weights.bin']);
});

test('a changed, grown or truncated file is refused wherever it is read', async () => {
  const directory = await create();
  const tampered = { code: 'CORE_ARTIFACT_TAMPERED' };
  for (const content of ['[]\n', '{}\n ', '{}', '']) {
    await writeFile(join(path, 'model.json'), content);
    await assert.rejects(directory.read('model.json'), tampered);
    await assert.rejects(directory.verify(), tampered);
    await assert.rejects(directory.verify(['model.json']), tampered);
    await directory.verify(['weights.bin']);
  }
  await writeFile(join(path, 'model.json'), '{}\n');
  await directory.verify();
});

test('a missing or unlisted file is refused', async () => {
  const directory = await create();
  await rm(join(path, 'weights.bin'));
  await assert.rejects(directory.verify(), { code: 'CORE_FILE_MISSING' });
  await writeFile(join(path, 'stray.bin'), '');
  for (const name of ['stray.bin', 'manifest.json', '../compiled/model.json', 'toString']) {
    await assert.rejects(directory.read(name), { code: 'CORE_ARTIFACT_UNLISTED' });
    assert.throws(() => directory.pathOf(name), { code: 'CORE_ARTIFACT_UNLISTED' });
    assert.equal(directory.has(name), false);
  }
});

test('files are added and replaced, in parts too, with the ties that change', async () => {
  await create();
  const before = await ArtifactDirectory.open(path);
  await before.put(
    {
      'model.json': '[]\n',
      'proving_key.zkey': async (file) => {
        for (let i = 0; i < 5; i++) await file.append(Uint8Array.of(i));
      },
    },
    { verificationKeyDigest: digest('04') },
  );
  const directory = await ArtifactDirectory.open(path);
  assert.deepEqual(directory.manifest, before.manifest);
  assert.equal(directory.manifest.verificationKeyDigest, digest('04'));
  assert.deepEqual([...(await directory.read('proving_key.zkey'))], [0, 1, 2, 3, 4]);
  await directory.verify();
});

test('a file made in place is listed as it is', async () => {
  const directory = await create();
  await writeFile(join(path, 'proving_key.zkey'), 'key');
  await directory.adopt(['proving_key.zkey']);
  const listed = directory.manifest.files['proving_key.zkey'];
  assert.deepEqual(listed, { bytes: 3, sha256: sha256Hex('key') });
  await appendFile(join(path, 'proving_key.zkey'), '!');
  await assert.rejects(directory.verify(), { code: 'CORE_ARTIFACT_TAMPERED' });
  await assert.rejects(directory.adopt(['nothing.bin']), { code: 'CORE_FILE_MISSING' });
});

test('names outside the folder are refused before anything is written', async () => {
  const directory = await create();
  const files = { 'a.bin': 'a', '../escape.bin': 'x' };
  await assert.rejects(directory.put(files), { code: 'CORE_MANIFEST_FILE_NAME' });
  await assert.rejects(directory.adopt(['../x']), { code: 'CORE_MANIFEST_FILE_NAME' });
  assert.equal((await readdir(path)).includes('a.bin'), false);
});

test('a write that fails leaves the directory as it was', async () => {
  const directory = await create();
  const manifest = await readFile(join(path, 'manifest.json'), 'utf8');
  const failing = async (file: { append(part: string): Promise<void> }) => {
    await file.append('half');
    throw new Error('interrupted');
  };
  await assert.rejects(directory.put({ 'model.json': failing }), /interrupted/);
  assert.equal(await readFile(join(path, 'manifest.json'), 'utf8'), manifest);
  assert.deepEqual((await readdir(path)).sort(), ['manifest.json', 'model.json', 'weights.bin']);
  await directory.verify();
});

test('a creation that fails half-way is not a compiled model, and can be run again', async () => {
  await create();
  const interrupted = () => Promise.reject(new Error('interrupted'));
  const files = { 'model.json': 'new', 'weights.bin': interrupted };
  await assert.rejects(ArtifactDirectory.create(path, ties, files), /interrupted/);
  await assert.rejects(ArtifactDirectory.open(path), { code: 'CORE_ARTIFACT_NO_MANIFEST' });
  await create();
  await (await ArtifactDirectory.open(path)).verify();
});

test('a folder that was never compiled, or does not exist, is refused', async () => {
  await assert.rejects(ArtifactDirectory.open(root), { code: 'CORE_ARTIFACT_NO_MANIFEST' });
  await assert.rejects(ArtifactDirectory.open(path), { code: 'CORE_ARTIFACT_NO_MANIFEST' });
});

test('a truncated manifest is refused', async () => {
  await create();
  await writeFile(join(path, 'manifest.json'), '{"format":"zkinfer-man');
  await assert.rejects(ArtifactDirectory.open(path), { code: 'CORE_JSON_SYNTAX' });
});

test('a target that is a file is refused', async () => {
  await writeFile(join(root, 'deep'), '');
  await assert.rejects(create(), { code: 'CORE_WRITE_FAILED' });
});
