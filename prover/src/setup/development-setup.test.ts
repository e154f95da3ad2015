import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type ConstraintSystem,
  checkSatisfaction,
  circuitDigest,
  collectChunks,
  constraintStatistics,
  provingKeyBytes,
  SCALAR_FIELD_ORDER,
  sha256Hex,
  Witness,
  writeR1cs,
  writeWtns,
} from '@zkinfer/core';
import {
  announceSeed,
  denseRowSystem,
  seededRandom,
  squareChainSystem,
  systemOf,
  terms,
} from '@zkinfer/core/testing';
import * as snarkjs from 'snarkjs';
import { openSnarkjs } from '../engine/snarkjs-session.ts';
import { readProvingKey, ZKEY_SECTION } from '../formats/zkey-file.ts';
import { verifyProof } from '../verify/verify-proof.ts';
import { developmentKeyInMemory } from './development-key-in-memory.ts';
import { developmentSetup } from './development-setup.ts';
import { exportVerificationKey } from './export-verification-key.ts';

const random = seededRandom(announceSeed());
let release: () => Promise<void>;
before(async () => {
  release = await openSnarkjs();
});
after(() => release());

const cases = {
  'dense C-only rows, three public signals, an unused wire': () =>
    denseRowSystem(8, random.int(0, 255), random.bigint(SCALAR_FIELD_ORDER)),
  'one row': () => squareChainSystem(1, random.bigint(SCALAR_FIELD_ORDER)),
  'a domain filled to its last point': () =>
    squareChainSystem(14, random.bigint(SCALAR_FIELD_ORDER)),
  'rows enough for the next domain': () => squareChainSystem(15, random.bigint(SCALAR_FIELD_ORDER)),
};

for (const [name, make] of Object.entries(cases)) {
  test(`behavior: snarkjs proves with our key and verifies, as we do: ${name}`, async () => {
    const { system, witness } = make();
    assert.deepEqual(checkSatisfaction(system, witness), { satisfied: true });
    const key = await developmentKeyInMemory(system);
    const { proof, publicSignals } = await snarkjs.groth16.prove(key.bytes, writeWtns(witness));
    const verificationKey = await snarkjs.zKey.exportVerificationKey(key.bytes);
    assert.ok(await snarkjs.groth16.verify(verificationKey, publicSignals, proof));
    assert.deepEqual(verifyProof(verificationKey, publicSignals, proof), { valid: true });
    assert.deepEqual(
      publicSignals.map(BigInt),
      publicSignals.map((_, i) => witness.get(i + 1)),
    );
  });
}

test('behavior: snarkjs accepts our .r1cs and checks our .wtns against it', async () => {
  const { system, witness } = denseRowSystem(6, 41, 5n);
  const r1cs = collectChunks((consumer) => writeR1cs(system, consumer));
  const info = await snarkjs.r1cs.info(r1cs);
  assert.equal(info.nConstraints, system.rows);
  assert.equal(info.nVars, system.wires);
  assert.equal(info.nOutputs, 1);
  assert.equal(info.nPubInputs, 2);
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  assert.ok(await snarkjs.wtns.check(r1cs, writeWtns(witness), silent));
  witness.set(5, 1n - witness.get(5));
  assert.ok(!(await snarkjs.wtns.check(r1cs, writeWtns(witness), silent)));
});

test('behavior: the exported verification key is snarkjs’s, the pairing included', async () => {
  const key = await developmentKeyInMemory(denseRowSystem(3, 5, 1n).system);
  const expected = await snarkjs.zKey.exportVerificationKey(key.bytes);
  assert.deepEqual(exportVerificationKey(key), expected);
});

test('behavior: the size of a key is predicted from the statistics', async () => {
  const { system } = denseRowSystem(11, 7, 1n);
  const key = await developmentKeyInMemory(system);
  assert.equal(provingKeyBytes(constraintStatistics(system), system), key.bytes.length);
});

test('behavior: terms of C cost nothing in the key', async () => {
  const sparse = await developmentKeyInMemory(denseSumSystem(1));
  const dense = await developmentKeyInMemory(denseSumSystem(40));
  assert.equal(dense.bytes.length, sparse.bytes.length);
  assert.equal(dense.coefficientCount, sparse.coefficientCount);
});

test('behavior: a wire that no row names is infinity everywhere', async () => {
  const key = await developmentKeyInMemory(denseRowSystem(3, 5, 1n).system);
  for (const id of [ZKEY_SECTION.a, ZKEY_SECTION.b1, ZKEY_SECTION.c]) {
    const section = key.container.section(id, 'points');
    assert.ok(section.subarray(-64).every((byte) => byte === 0));
    assert.ok(section.some((byte) => byte !== 0));
  }
});

test('behavior: a witness that breaks a row gives a proof that both refuse', async () => {
  const { system, witness } = denseRowSystem(4, 9, 3n);
  witness.set(4, 0);
  const verdict = checkSatisfaction(system, witness);
  assert.ok(!verdict.satisfied);
  const key = await developmentKeyInMemory(system);
  const { proof, publicSignals } = await snarkjs.groth16.prove(key.bytes, writeWtns(witness));
  const verificationKey = exportVerificationKey(key);
  assert.ok(!(await snarkjs.groth16.verify(verificationKey, publicSignals, proof)));
  assert.deepEqual(verifyProof(verificationKey, publicSignals, proof), { valid: false });
});

test('behavior: the record names the key’s digest and the circuit’s', async () => {
  const { system } = squareChainSystem(3, 2n);
  const chunks: Uint8Array[] = [];
  const setup = await developmentSetup(system, async (chunk) => {
    chunks.push(chunk);
  });
  const bytes = Buffer.concat(chunks);
  assert.equal(readProvingKey(bytes).contributionCount, 0);
  assert.deepEqual(setup, {
    version: 1,
    kind: 'development',
    circuitDigest: circuitDigest(system),
    keySha256: sha256Hex(bytes),
    keyBytes: bytes.length,
  });
});

test('behavior: two setups of the same system share no secret', async () => {
  const { system } = squareChainSystem(3, 2n);
  const [first, second] = [
    await developmentKeyInMemory(system),
    await developmentKeyInMemory(system),
  ];
  assert.notDeepEqual(first.header.alpha1, second.header.alpha1);
  assert.notDeepEqual(first.header.delta1, second.header.delta1);
});

test('error: a system without rows', async () => {
  await assert.rejects(developmentKeyInMemory(systemOf(2, 0, 0, [])), {
    code: 'PROVER_SYSTEM_SIZE',
  });
});

for (const stage of ['read constraints', 'evaluate constraints', 'multiply points']) {
  test(`error: aborted, stage “${stage}”, a setup goes no further`, async () => {
    const controller = new AbortController();
    const stages: string[] = [];
    const progress = {
      stage(name: string) {
        stages.push(name);
        if (name === stage) controller.abort(new Error('enough'));
      },
      advance() {},
    };
    const { system } = squareChainSystem(3, 2n);
    const { signal } = controller;
    const setup = developmentSetup(system, async () => {}, { progress, signal });
    await assert.rejects(setup, /enough/);
    assert.equal(stages.at(-1), stage);
  });
}

test('error: what the writer of the key throws ends the setup', async () => {
  const { system } = squareChainSystem(3, 2n);
  const setup = developmentSetup(system, () => Promise.reject(new Error('disk full')));
  await assert.rejects(setup, /disk full/);
});

/** One row w₁ = w₁ · 1 and a C-only row over `width` of its 42 wires. */
function denseSumSystem(width: number): ConstraintSystem {
  const dense = Array.from({ length: width }, (_, i) => [i + 1, i + 3] as const);
  return systemOf(42, 1, 0, [
    [terms([1, 1]), terms([0, 1]), terms([1, 1])],
    [terms(), terms(), terms(...dense)],
  ]);
}

test('the sparse and the dense system of these tests have satisfying witnesses', () => {
  const witness = new Witness(42);
  witness.set(0, 1);
  assert.deepEqual(checkSatisfaction(denseSumSystem(40), witness), { satisfied: true });
});
