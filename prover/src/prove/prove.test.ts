import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { circuitDigest, sha256Hex, Witness } from '@zkinfer/core';
import { denseRowSystem, squareChainSystem } from '@zkinfer/core/testing';
import { chooseEngine } from '../engine/choose-engine.ts';
import type { ProvingEngine } from '../engine/engine.ts';
import { readProvingKey, ZKEY_SECTION } from '../formats/zkey-file.ts';
import { developmentKeyInMemory } from '../setup/development-key-in-memory.ts';
import type { SetupRecord } from '../setup/setup-record.ts';
import { verifyProof } from '../verify/verify-proof.ts';
import { type LoadedProvingKey, loadProvingKey, provingKeyFromFile } from './load-proving-key.ts';
import { prove } from './prove.ts';

const { system, witness } = denseRowSystem(4, 9, 12n);

/** The wire of the lowest bit, whose row is the first. */
const FIRST_BIT = 4;

let folder: string;
let keyPath: string;
let setup: SetupRecord;
let key: LoadedProvingKey;
let engine: ProvingEngine;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-prove-'));
  keyPath = join(folder, 'proving_key.zkey');
  const { bytes } = await developmentKeyInMemory(system);
  await writeFile(keyPath, bytes);
  setup = {
    version: 1,
    kind: 'development',
    circuitDigest: circuitDigest(system),
    keySha256: sha256Hex(bytes),
    keyBytes: bytes.length,
  };
  key = await loadProvingKey(keyPath, { circuitDigest: setup.circuitDigest, setup });
  engine = await chooseEngine('snarkjs');
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

test('behavior: a key is loaded once and proves twice, differently', async () => {
  const stages: string[] = [];
  const progress = { stage: (name: string) => stages.push(name), advance() {} };
  const first = await prove(engine, key, witness, { progress });
  const second = await prove(engine, key, witness);
  assert.deepEqual(first.publicSignals, ['90', '9', '12']);
  assert.deepEqual(verifyProof(key.verificationKey, first.publicSignals, first.proof), {
    valid: true,
  });
  assert.notDeepEqual(first.proof, second.proof);
  assert.deepEqual(stages, ['prove', 'verify']);
});

test('error: a witness that breaks a row yields no proof', async () => {
  const forged = new Witness(witness.wires, witness.bytes.slice());
  forged.set(1, 91);
  await assert.rejects(prove(engine, key, forged), { code: 'PROVER_PROOF_REJECTED' });
});

test('error: the first row that a witness breaks is named where the circuit is at hand', async () => {
  const circuit = { system, nameRow: (row: number) => `row of block ${row + 100}` };
  const forged = new Witness(witness.wires, witness.bytes.slice());
  forged.set(FIRST_BIT + 2, 3);
  await assert.rejects(prove(engine, key, forged, { circuit }), {
    code: 'PROVER_WITNESS_UNSATISFIED',
    got: 'row 2 (row of block 102) is the first of 3 that it breaks',
  });
  await assert.rejects(prove(engine, key, forged, { circuit: { system } }), {
    code: 'PROVER_WITNESS_UNSATISFIED',
    got: 'row 2 is the first of 3 that it breaks',
  });
  await prove(engine, key, witness, { circuit });
});

test('error: a witness that is right, and a key with a point that is not', async () => {
  for (const section of [ZKEY_SECTION.a, ZKEY_SECTION.b2]) {
    const file = readProvingKey(key.file.bytes.slice());
    file.container.section(section, 'points')[2]! ^= 1;
    const proof = prove(engine, provingKeyFromFile(file), witness, { circuit: { system } });
    await assert.rejects(proof, { code: 'PROVER_PROOF_REJECTED' });
  }
});

test('error: points off the curve in a key that its record names, unless its digest is trusted', async () => {
  const path = join(folder, 'invalid.zkey');
  const { bytes, container } = readProvingKey(key.file.bytes.slice());
  container.section(ZKEY_SECTION.c, 'points')[1]! ^= 1;
  await writeFile(path, bytes);
  const record = { ...setup, keySha256: sha256Hex(bytes) };
  const expectation = { circuitDigest: setup.circuitDigest, setup: record };
  await assert.rejects(loadProvingKey(path, expectation), { code: 'CORE_FORMAT_VALUE' });
  const foreign = { trustedSha256: setup.keySha256 };
  await assert.rejects(loadProvingKey(path, expectation, foreign), { code: 'CORE_FORMAT_VALUE' });
  await loadProvingKey(path, expectation, { trustedSha256: record.keySha256 });
});

test('behavior: loading tells its stages and ends at a signal', async () => {
  const stages: string[] = [];
  const progress = { stage: (name: string) => stages.push(name), advance() {} };
  const expectation = { circuitDigest: setup.circuitDigest, setup };
  await loadProvingKey(keyPath, expectation, { progress });
  assert.deepEqual(stages, ['read the key', 'check the key']);
  for (const stage of stages.slice()) {
    const abort = new AbortController();
    const aborting = {
      stage: (name: string) => name === stage && abort.abort(new Error('enough')),
      advance() {},
    };
    const options = { progress: aborting, signal: abort.signal };
    await assert.rejects(loadProvingKey(keyPath, expectation, options), /enough/);
  }
});

test('error: a key for another circuit is refused before it is read', async () => {
  const foreign = circuitDigest(squareChainSystem(3, 2n).system);
  const loading = loadProvingKey(join(folder, 'missing'), { circuitDigest: foreign, setup });
  await assert.rejects(loading, { code: 'PROVER_KEY_MISMATCH' });
});

test('error: a key with one bit changed, a truncated key, a missing key', async () => {
  const expectation = { circuitDigest: setup.circuitDigest, setup };
  const path = join(folder, 'altered.zkey');
  const altered = key.file.bytes.slice();
  altered[altered.length - 100]! ^= 1;
  await writeFile(path, altered);
  await assert.rejects(loadProvingKey(path, expectation), { code: 'PROVER_KEY_ALTERED' });
  await writeFile(path, altered.subarray(0, 3000));
  await assert.rejects(loadProvingKey(path, expectation), { code: 'CORE_FORMAT_TRUNCATED' });
  const missing = loadProvingKey(join(folder, 'missing'), expectation);
  await assert.rejects(missing, { code: 'CORE_FILE_MISSING' });
});

test('error: a key that nobody has contributed to', async () => {
  const path = join(folder, 'fresh.zkey');
  const waste = { tau: 3n, alpha: 4n, beta: 5n, delta: 1n };
  const { bytes } = await developmentKeyInMemory(system, waste);
  await writeFile(path, bytes);
  const fresh = { ...setup, keySha256: sha256Hex(bytes) };
  const loading = loadProvingKey(path, { circuitDigest: setup.circuitDigest, setup: fresh });
  await assert.rejects(loading, { code: 'PROVER_KEY_UNCONTRIBUTED' });
});
