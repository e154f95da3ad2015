import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenEngines } from './chosen-engines.ts';
import { suiteOf } from './suites.ts';

const [smoke, full] = [suiteOf('smoke'), suiteOf('full')];
const RAPID = { name: 'rapid', path: '/rapid' };

test('nothing asked for: all provers, and other compilers as the suite has it', () => {
  assert.deepEqual(chosenEngines(smoke, [], []).provers, ['wasm', 'snarkjs']);
  assert.equal(chosenEngines(smoke, [], []).suite.comparesCompilers, false);
  assert.equal(chosenEngines(full, [], []).suite.comparesCompilers, true);
});

test('our engine alone needs no packages of others, even in the full suite', () => {
  const { provers, suite, usesThirdParty } = chosenEngines(full, ['wasm'], []);
  assert.deepEqual(provers, ['wasm']);
  assert.deepEqual([suite.comparesCompilers, usesThirdParty], [false, false]);
});

test('snarkjs or circomlib-ml need them', () => {
  assert.equal(chosenEngines(smoke, ['snarkjs'], []).usesThirdParty, true);
  assert.equal(chosenEngines(smoke, ['wasm', 'circomlib-ml'], []).usesThirdParty, true);
});

test('a compiler alone is compared with all provers', () => {
  const { provers, suite } = chosenEngines(smoke, ['circomlib-ml'], []);
  assert.deepEqual(provers, ['wasm', 'snarkjs']);
  assert.equal(suite.comparesCompilers, true);
});

test('a program may be asked for by its name, others may not', () => {
  assert.deepEqual(chosenEngines(smoke, ['rapid'], [RAPID]).provers, []);
  assert.throws(() => chosenEngines(smoke, ['rapid'], []), { code: 'BENCH_ENGINE_UNKNOWN' });
});

test('error: a program that calls itself as another contestant', () => {
  for (const name of ['wasm', 'snarkjs', 'circomlib-ml']) {
    const programs = [{ name, path: '/x' }];
    assert.throws(() => chosenEngines(smoke, [], programs), { code: 'BENCH_PROGRAM_OPTION' });
  }
});
