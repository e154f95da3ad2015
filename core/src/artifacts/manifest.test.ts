import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeManifest, encodeManifest, type Manifest, requireFileName } from './manifest.ts';

const digest = (byte: string) => byte.repeat(32);
const manifest: Manifest = {
  format: 'zkinfer-manifest',
  version: 1,
  zkinfer: '0.1.0',
  sourceDigest: digest('01'),
  modelDigest: digest('02'),
  circuitDigest: digest('03'),
  files: {
    'weights.bin': { bytes: 4096, sha256: digest('04') },
    'model.json': { bytes: 12, sha256: digest('05') },
  },
};
const plain = JSON.parse(encodeManifest(manifest)) as Record<string, unknown>;
const changed = (change: Record<string, unknown>) => JSON.stringify({ ...plain, ...change });

test('round-trips, with and without a verification key', () => {
  const withKey = { ...manifest, verificationKeyDigest: digest('06') };
  assert.deepEqual(decodeManifest(encodeManifest(manifest)), manifest);
  assert.deepEqual(decodeManifest(encodeManifest(withKey)), withKey);
});

test('the text does not depend on the order in which files were added', () => {
  const reversed = Object.fromEntries(Object.entries(manifest.files).reverse());
  assert.equal(encodeManifest({ ...manifest, files: reversed }), encodeManifest(manifest));
});

test('another shape is refused', () => {
  const record = { bytes: 1, sha256: digest('07') };
  const shapes = [
    changed({ format: 'ezkl-manifest' }),
    changed({ version: 2 }),
    changed({ zkinfer: 1 }),
    changed({ modelDigest: 'AB'.repeat(32) }),
    changed({ verificationKeyDigest: null }),
    changed({ extra: true }),
    changed({ files: [] }),
    changed({ files: { 'a.bin': { ...record, bytes: -1 } } }),
    changed({ files: { 'a.bin': { ...record, sha256: '00' } } }),
    changed({ files: { 'a.bin': { ...record, mode: 1 } } }),
    JSON.stringify({ ...plain, circuitDigest: undefined }),
    '[]',
  ];
  for (const text of shapes) assert.throws(() => decodeManifest(text), { code: 'CORE_JSON_SHAPE' });
});

test('a truncated manifest is refused', () => {
  assert.throws(() => decodeManifest(encodeManifest(manifest).slice(0, -5)), {
    code: 'CORE_JSON_SYNTAX',
  });
});

test('file names stay inside the folder', () => {
  assert.equal(requireFileName('proving_key.zkey'), 'proving_key.zkey');
  const record = { bytes: 1, sha256: digest('07') };
  const names = [
    '',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    '/etc/x',
    '.env',
    'a\n',
    '7',
    '__proto__',
    'manifest.json',
  ];
  for (const name of names) {
    assert.throws(() => requireFileName(name), { code: 'CORE_MANIFEST_FILE_NAME' });
    const text = changed({
      files: JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(record)}}`),
    });
    assert.throws(() => decodeManifest(text), { code: 'CORE_MANIFEST_FILE_NAME' });
  }
});
