/** The memory of proofs: told before, reused after, refused where it cannot be had. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { squareChainSystem } from '@zkinfer/core/testing';
import { type LoadedProvingKey, provingKeyFromFile } from '../../prove/load-proving-key.ts';
import { developmentKeyInMemory } from '../../setup/development-key-in-memory.ts';
import type { ProvingEngine } from '../engine.ts';
import { proofMemoryBytes, requireProofMemory } from './proof-memory.ts';
import { createWasmEngine } from './wasm-engine.ts';

const { system, witness } = squareChainSystem(1000, 3n);
let key: LoadedProvingKey;
let engine: ProvingEngine;
before(async () => {
  key = provingKeyFromFile(await developmentKeyInMemory(system));
  engine = await createWasmEngine({ threads: 2 });
});
after(() => engine.close());

/** The stages of a proof. */
async function stagesOfProof(): Promise<string[]> {
  const stages: string[] = [];
  const stage = (name: string) => stages.push(name);
  await engine.prove(key, witness, { progress: { stage, advance() {} } });
  return stages;
}

test('behavior: a released key is decoded again, in the same memory', async (context) => {
  await engine.prove(key, witness);
  const grow = context.mock.method(WebAssembly.Memory.prototype, 'grow');
  for (let i = 0; i < 3; i++) {
    assert.notEqual((await stagesOfProof())[0], 'decode the key');
    await engine.release(key);
    assert.equal((await stagesOfProof())[0], 'decode the key');
  }
  await engine.release(key);
  await engine.release(key);
  assert.equal(grow.mock.callCount(), 0);
});

test('behavior: what a key is said to need is enough', async (context) => {
  const fresh = await createWasmEngine({ threads: 2 });
  const grow = context.mock.method(WebAssembly.Memory.prototype, 'grow');
  let before = 0;
  const stage = () => (before ||= grow.mock.callCount());
  await fresh.prove(key, witness, { progress: { stage, advance() {} } });
  await fresh.close();
  assert.ok(before > 0);
  assert.equal(grow.mock.callCount(), before);
});

test('error: a key that needs more than the machine or the kernels have', () => {
  const needed = proofMemoryBytes(key.file);
  requireProofMemory(key.file, needed);
  const refused = { code: 'PROVER_MEMORY_EXHAUSTED', expected: `${needed} bytes` };
  assert.throws(() => requireProofMemory(key.file, needed - 1), refused);
  const sized = (wires: number, domainSize: number) => ({
    ...key.file,
    header: { ...key.file.header, wires, domainSize },
  });
  requireProofMemory(sized(2 ** 21, 2 ** 21), 2 ** 40);
  assert.throws(() => requireProofMemory(sized(2 ** 22, 2 ** 22), 2 ** 40), {
    code: 'PROVER_MEMORY_EXHAUSTED',
  });
});

test('error: memory that the system refuses is told before any work', async (context) => {
  const fresh = await createWasmEngine({ threads: 2 });
  const grow = context.mock.method(WebAssembly.Memory.prototype, 'grow', () => {
    throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
  });
  const stages: string[] = [];
  const progress = { stage: (name: string) => stages.push(name), advance() {} };
  const refused = fresh.prove(key, witness, { progress });
  await assert.rejects(refused, { code: 'PROVER_MEMORY_EXHAUSTED' });
  assert.deepEqual(stages, []);
  grow.mock.restore();
  await fresh.prove(key, witness, { progress });
  assert.equal(stages[0], 'decode the key');
  await fresh.close();
});
