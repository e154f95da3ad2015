import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ENGINE_VARIABLE } from '@zkinfer/prover';
import { describeEngine, engineFinding } from './engine-finding.ts';

afterEach(() => {
  delete process.env[ENGINE_VARIABLE];
});

test('an engine that works is found, the one that the environment names too', async () => {
  assert.match((await engineFinding()).found, /^engine wasm: the fastest/);
  process.env[ENGINE_VARIABLE] = 'snarkjs';
  const { state, found } = await engineFinding();
  assert.deepEqual([state, found], ['note', 'engine snarkjs, which ZKINFER_ENGINE names, works']);
});

test('a name that no engine has is missing, and said', async () => {
  process.env[ENGINE_VARIABLE] = 'abacus';
  const { state, found, advice } = await engineFinding();
  assert.equal(state, 'missing');
  assert.match(found, /abacus/);
  assert.match(advice ?? '', /ZKINFER_ENGINE.* auto, wasm, snarkjs/);
});

test('fused kernels are fine; integer kernels, or another engine, are worth a note', () => {
  const fused = describeEngine('wasm', 'fused', false);
  assert.equal(fused.state, 'ok');
  assert.match(fused.found, /fused multiply-adds/);
  const scalar = describeEngine('wasm', 'scalar', false);
  assert.equal(scalar.state, 'note');
  assert.match(scalar.found, /integer kernels/);
  assert.match(scalar.advice ?? '', /no fused multiply-add/);
  const other = describeEngine('snarkjs', 'fused', false);
  assert.equal(other.state, 'note');
  assert.match(other.advice ?? '', /engine wasm.* fails here/);
});
