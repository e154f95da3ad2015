import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseEngine, ENGINE_NAMES, ENGINE_VARIABLE } from './choose-engine.ts';
import { runSelfTest } from './self-test.ts';

test('behavior: auto gives an engine that passes its self-test', async () => {
  const engine = await chooseEngine('auto');
  assert.ok(ENGINE_NAMES.includes(engine.name));
  await engine.selfTest();
  await engine.close();
});

test('behavior: the environment names the engine when the caller does not', async () => {
  process.env[ENGINE_VARIABLE] = 'abacus';
  try {
    await assert.rejects(chooseEngine(), { code: 'PROVER_ENGINE_UNKNOWN' });
    const engine = await chooseEngine('snarkjs');
    assert.equal(engine.name, 'snarkjs');
    await engine.close();
  } finally {
    delete process.env[ENGINE_VARIABLE];
  }
});

test('error: an unknown name is answered with the known ones', async () => {
  for (const name of ['abacus', 'toString', '']) {
    await assert.rejects(chooseEngine(name), {
      code: 'PROVER_ENGINE_UNKNOWN',
      expected: 'auto, wasm, snarkjs',
    });
  }
});

test('error: the self-test finds an engine that proves wrongly, and one that throws', async () => {
  const engine = await chooseEngine('snarkjs');
  const lying = {
    name: 'lying',
    selfTest: async () => {},
    release: async () => {},
    close: async () => {},
    prove: async (...[key, witness]: Parameters<typeof engine.prove>) => {
      const bundle = await engine.prove(key, witness);
      return { ...bundle, publicSignals: ['50'] };
    },
  };
  await assert.rejects(runSelfTest(lying), { code: 'PROVER_ENGINE_UNUSABLE' });
  const throwing = { ...lying, prove: () => Promise.reject(new Error('no memory')) };
  await assert.rejects(runSelfTest(throwing), { code: 'PROVER_ENGINE_UNUSABLE' });
  await engine.close();
});
