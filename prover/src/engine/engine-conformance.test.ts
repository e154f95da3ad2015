/** What every engine must do, run on all of them, and on our own with each kind of kernels. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCALAR_FIELD_ORDER, Witness } from '@zkinfer/core';
import {
  announceSeed,
  denseRowSystem,
  type SystemWithWitness,
  seededRandom,
  squareChainSystem,
  systemOf,
  terms,
} from '@zkinfer/core/testing';
import * as snarkjs from 'snarkjs';
import { readProvingKey, ZKEY_SECTION } from '../formats/zkey-file.ts';
import { type LoadedProvingKey, provingKeyFromFile } from '../prove/load-proving-key.ts';
import { prove } from '../prove/prove.ts';
import { developmentKeyInMemory } from '../setup/development-key-in-memory.ts';
import { verifyProof } from '../verify/verify-proof.ts';
import { AUTO_ENGINE, ENGINE_NAMES } from './choose-engine.ts';
import type { ProofBundle, ProofRandomness, ProvingEngine } from './engine.ts';
import { createSnarkjsEngine, SNARKJS_ENGINE } from './snarkjs-engine.ts';
import { createWasmEngine } from './wasm/wasm-engine.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;

/** Kernels that the machine computes fastest are fused where it can, else scalar. */
const ENGINES: Readonly<Record<string, () => Promise<ProvingEngine>>> = {
  snarkjs: createSnarkjsEngine,
  wasm: createWasmEngine,
  'wasm on one thread': () => createWasmEngine({ threads: 1 }),
  'wasm with scalar kernels': () => createWasmEngine({ threads: 3, variant: 'scalar' }),
};

const ONE_ROW = squareChainSystem(1, random.bigint(R));
const FULL_SIZE = squareChainSystem(300, random.bigint(R));

const CASES: Readonly<Record<string, SystemWithWitness>> = {
  'dense C-only rows and an unused wire': denseRowSystem(8, random.int(0, 255), random.bigint(R)),
  'values of zero only': denseRowSystem(8, 0, 0n),
  'the largest values': denseRowSystem(8, 255, R - 1n),
  'one row': ONE_ROW,
  'every length of value': squareChainSystem(20, 3n),
  'full-size values in every wire': FULL_SIZE,
  'no public signals': noPublicSignals(),
};

/** Of each case the first, of one row all. */
const RANDOMNESS: readonly ProofRandomness[] = [
  { r: random.bigint(R), s: random.bigint(R) },
  { r: (R - 1n) / 2n, s: (R + 1n) / 2n },
  { r: 0n, s: R - 1n },
  { r: 1n, s: 0n },
];

/** w₁ · w₁ = w₂, all private. */
function noPublicSignals(): SystemWithWitness {
  const witness = new Witness(3);
  [1, 12, 144].forEach((value, wire) => {
    witness.set(wire, value);
  });
  return { system: systemOf(3, 0, 0, [[terms([1, 1]), terms([1, 1]), terms([2, 1])]]), witness };
}

interface FixedProof {
  readonly randomness: ProofRandomness;
  readonly bundle: ProofBundle;
}

const keys = new Map<SystemWithWitness, LoadedProvingKey>();
const fixedProofs = new Map<SystemWithWitness, readonly FixedProof[]>();

/** The cached curve of snarkjs, whose randomness is replaced for a while. */
interface FixableCurve extends snarkjs.Curve {
  readonly Fr: { random(): unknown; e(value: bigint): unknown };
}

before(async () => {
  const reference = await createSnarkjsEngine();
  const { Fr } = (await snarkjs.curves.getCurveFromName('bn128')) as FixableCurve;
  const draw = Fr.random;
  for (const subject of Object.values(CASES)) {
    const key = provingKeyFromFile(await developmentKeyInMemory(subject.system));
    keys.set(subject, key);
    const proofs: FixedProof[] = [];
    for (const randomness of RANDOMNESS.slice(0, subject === ONE_ROW ? undefined : 1)) {
      const drawn = [randomness.r, randomness.s];
      Fr.random = () => Fr.e(drawn.shift()!);
      proofs.push({ randomness, bundle: await reference.prove(key, subject.witness) });
    }
    fixedProofs.set(subject, proofs);
  }
  Fr.random = draw;
  await reference.close();
});

test('behavior: every engine is here', () => {
  const known = ENGINE_NAMES.filter((name) => name !== AUTO_ENGINE);
  assert.deepEqual(
    known.filter((name) => ENGINES[name] === undefined),
    [],
  );
});

for (const [name, create] of Object.entries(ENGINES)) {
  let engine: ProvingEngine;
  before(async () => {
    engine = await create();
  });
  after(() => engine.close());

  for (const [description, subject] of Object.entries(CASES)) {
    test(`${name}: its proof verifies: ${description}`, async () => {
      const key = keys.get(subject)!;
      const { proof, publicSignals } = await engine.prove(key, subject.witness);
      assert.deepEqual(verifyProof(key.verificationKey, publicSignals, proof), { valid: true });
      assert.deepEqual(
        publicSignals.map(BigInt),
        publicSignals.map((_, i) => subject.witness.get(i + 1)),
      );
    });

    if (name === SNARKJS_ENGINE) continue;
    test(`${name}: for fixed r and s the proof of snarkjs, bit for bit: ${description}`, async () => {
      for (const { randomness, bundle } of fixedProofs.get(subject)!) {
        const got = await engine.prove(keys.get(subject)!, subject.witness, { randomness });
        assert.deepEqual(got, bundle);
      }
    });
  }

  test(`${name}: two proofs of one witness differ`, async () => {
    const key = keys.get(ONE_ROW)!;
    const [first, second] = [
      await engine.prove(key, ONE_ROW.witness),
      await engine.prove(key, ONE_ROW.witness),
    ];
    assert.notDeepEqual(first.proof, second.proof);
    assert.deepEqual(first.publicSignals, second.publicSignals);
  });

  test(`${name}: r and s are taken, or refused`, async () => {
    const proveFixed = (randomness: ProofRandomness) =>
      engine.prove(keys.get(ONE_ROW)!, ONE_ROW.witness, { randomness });
    if (name === SNARKJS_ENGINE) {
      const refused = { code: 'PROVER_RANDOMNESS_UNSUPPORTED' };
      await assert.rejects(proveFixed({ r: 5n, s: 7n }), refused);
      return;
    }
    const fixed = await proveFixed({ r: 5n, s: 7n });
    assert.notDeepEqual(fixed, await proveFixed({ r: 6n, s: 7n }));
    assert.notDeepEqual(fixed, await proveFixed({ r: 5n, s: 8n }));
    for (const randomness of [
      { r: R, s: 0n },
      { r: 0n, s: -1n },
    ]) {
      await assert.rejects(proveFixed(randomness), { code: 'PROVER_RANDOMNESS_RANGE' });
    }
  });

  test(`${name}: proofs made at once verify`, async () => {
    const key = keys.get(FULL_SIZE)!;
    const bundles = await Promise.all([1, 2].map(() => engine.prove(key, FULL_SIZE.witness)));
    for (const { proof, publicSignals } of bundles) {
      assert.deepEqual(verifyProof(key.verificationKey, publicSignals, proof), { valid: true });
    }
  });

  test(`${name}: a witness that breaks a row gives a proof that is wrong`, async () => {
    const witness = copyOf(FULL_SIZE.witness);
    witness.set(3, 10);
    const key = keys.get(FULL_SIZE)!;
    const { proof, publicSignals } = await engine.prove(key, witness);
    assert.deepEqual(verifyProof(key.verificationKey, publicSignals, proof), { valid: false });
  });

  test(`${name}: a key with a point off the curve gives no proof`, async () => {
    for (const section of [ZKEY_SECTION.a, ZKEY_SECTION.b2, ZKEY_SECTION.h]) {
      const file = readProvingKey(keys.get(ONE_ROW)!.file.bytes.slice());
      file.container.section(section, 'points')[1]! ^= 1;
      const proof = prove(engine, provingKeyFromFile(file), ONE_ROW.witness);
      await assert.rejects(proof, { code: 'PROVER_PROOF_REJECTED' });
    }
  });

  test(`${name}: a witness of another circuit, or of values that are not below r`, async () => {
    const key = keys.get(ONE_ROW)!;
    await assert.rejects(engine.prove(key, squareChainSystem(3, 2n).witness), {
      code: 'PROVER_WITNESS_MISMATCH',
    });
    const witness = copyOf(ONE_ROW.witness);
    witness.bytes.fill(255, 64, 96);
    await assert.rejects(engine.prove(key, witness), { code: 'PROVER_WITNESS_RANGE' });
  });

  test(`${name}: an aborted proof ends with the signal’s reason`, async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const proof = engine.prove(keys.get(ONE_ROW)!, ONE_ROW.witness, { signal });
    await assert.rejects(proof, /enough/);
  });

  test(`${name}: a key is released, and proves again`, async () => {
    const key = keys.get(ONE_ROW)!;
    await engine.release(key);
    await prove(engine, key, ONE_ROW.witness);
    await engine.release(key);
  });

  test(`${name}: closed, it proves nothing; closing twice does no harm`, async () => {
    const closed = await create();
    const key = keys.get(FULL_SIZE)!;
    const running = closed.prove(key, FULL_SIZE.witness);
    const refused = { code: 'PROVER_ENGINE_CLOSED' };
    const rejected = assert.rejects(running, refused);
    await closed.close();
    await closed.close();
    await rejected;
    await assert.rejects(closed.prove(key, FULL_SIZE.witness), refused);
    await engine.selfTest();
  });
}

function copyOf({ wires, bytes }: Witness): Witness {
  return new Witness(wires, bytes.slice());
}
