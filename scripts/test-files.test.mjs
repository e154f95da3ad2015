import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { testFiles, tierOf } from './test-files.mjs';

const SOURCES = [
  'core/src/field.ts',
  'core/src/field.test.ts',
  'core/src/node/file.test.ts',
  'prover/src/prove.test.ts',
  'prover/src/prove.e2e.test.ts',
  'prover/dist/stale.test.js',
  'scripts/tool.test.mjs',
];

function find(tier, filters = []) {
  const root = mkdtempSync(join(tmpdir(), 'test-files-'));
  try {
    for (const path of SOURCES) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), '');
    }
    return testFiles(root, ['core', 'prover'], tier, filters);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('the fast tier is every test but those from end to end; a compiled test without source is left out', () => {
  assert.deepEqual(find('fast'), [
    'core/dist/field.test.js',
    'core/dist/node/file.test.js',
    'prover/dist/prove.test.js',
    'scripts/tool.test.mjs',
  ]);
  assert.deepEqual(find('e2e'), ['prover/dist/prove.e2e.test.js']);
});

test('filters choose by workspace or by part of the path', () => {
  assert.deepEqual(find('fast', ['prover']), ['prover/dist/prove.test.js']);
  assert.deepEqual(find('fast', ['src/node', 'tool']), [
    'core/dist/node/file.test.js',
    'scripts/tool.test.mjs',
  ]);
  assert.deepEqual(find('fast', ['absent']), []);
});

test('a file that is no test has no tier', () => {
  assert.equal(tierOf('core/dist/field.js'), undefined);
  assert.equal(tierOf('core/dist/field.test.js.map'), undefined);
});
