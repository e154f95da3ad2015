import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moduleGraph } from '@zkinfer/core/testing';

test('behavior: the verifier’s modules run without Node and without snarkjs', () => {
  const modules = [...moduleGraph(import.meta.resolve('@zkinfer/prover/verify'))];
  assert.ok(modules.some((module) => module.endsWith('bn254.js')));
  const foreign = modules.filter((module) => /^node:|snarkjs|ffjavascript/.test(module));
  assert.deepEqual(foreign, []);
});

test('behavior: the same walk finds Node where it is', () => {
  const modules = moduleGraph(new URL('../setup/development-setup.js', import.meta.url).href);
  assert.ok(modules.has('node:crypto'));
});
