/** What every engine must do, run on all of them. */
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
import { type LoadedProvingKey, provingKeyFromFile } from '../prove/load-proving-key.ts';
import { developmentKeyInMemory } from '../setup/development-key-in-memory.ts';
import { verifyProof } from '../verify/verify-proof.ts';
import { AUTO_ENGINE, chooseEngine, ENGINE_NAMES } from './choose-engine.ts';
import type { ProvingEngine } from './engine.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;

const CASES: Readonly<Record<string, SystemWithWitness>> = {
  'dense C-only rows and an unused wire': denseRowSystem(8, random.int(0, 255), random.bigint(R)),
  'values of zero only': denseRowSystem(8, 0, 0n),
  'the largest values': denseRowSystem(8, 255, R - 1n),
  'one row': squareChainSystem(1, random.bigint(R)),
  'full-size values in every wire': squareChainSystem(100, random.bigint(R)),
  'no public signals': noPublicSignals(),
};

/** w₁ · w₁ = w₂, all private. */
function noPublicSignals(): SystemWithWitness {
  const witness = new Witness(3);
  [1, 12, 144].forEach((value, wire) => {
    witness.set(wire, value);
  });
  return { system: systemOf(3, 0, 0, [[terms([1, 1]), terms([1, 1]), terms([2, 1])]]), witness };
}

async function keyOf({ system }: SystemWithWitness): Promise<LoadedProvingKey> {
  return provingKeyFromFile(await developmentKeyInMemory(system));
}

for (const name of ENGINE_NAMES.filter((known) => known !== AUTO_ENGINE)) {
  let engine: ProvingEngine;
  before(async () => {
    engine = await chooseEngine(name);
  });
  after(() => engine.close());

  for (const [description, subject] of Object.entries(CASES)) {
    test(`${name}: its proof verifies: ${description}`, async () => {
      const key = await keyOf(subject);
      const { proof, publicSignals } = await engine.prove(key, subject.witness);
      assert.deepEqual(verifyProof(key.verificationKey, publicSignals, proof), { valid: true });
      assert.deepEqual(
        publicSignals.map(BigInt),
        publicSignals.map((_, i) => subject.witness.get(i + 1)),
      );
    });
  }

  test(`${name}: two proofs of one witness differ`, async () => {
    const key = await keyOf(CASES['one row']!);
    const [first, second] = [
      await engine.prove(key, CASES['one row']!.witness),
      await engine.prove(key, CASES['one row']!.witness),
    ];
    assert.notDeepEqual(first.proof, second.proof);
    assert.deepEqual(first.publicSignals, second.publicSignals);
  });

  test(`${name}: proofs made at once verify`, async () => {
    const subject = CASES['full-size values in every wire']!;
    const key = await keyOf(subject);
    const bundles = await Promise.all([1, 2].map(() => engine.prove(key, subject.witness)));
    for (const { proof, publicSignals } of bundles) {
      assert.deepEqual(verifyProof(key.verificationKey, publicSignals, proof), { valid: true });
    }
  });

  test(`${name}: a witness that breaks a row gives a proof that is wrong`, async () => {
    const { system, witness } = squareChainSystem(5, 3n);
    witness.set(3, 10);
    const key = await keyOf({ system, witness });
    const { proof, publicSignals } = await engine.prove(key, witness);
    assert.deepEqual(verifyProof(key.verificationKey, publicSignals, proof), { valid: false });
  });

  test(`${name}: a witness of another circuit is refused`, async () => {
    const key = await keyOf(CASES['one row']!);
    await assert.rejects(engine.prove(key, squareChainSystem(3, 2n).witness), {
      code: 'PROVER_WITNESS_MISMATCH',
    });
  });

  test(`${name}: an aborted proof ends with the signal’s reason`, async () => {
    const key = await keyOf(CASES['one row']!);
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(engine.prove(key, CASES['one row']!.witness, { signal }), /enough/);
  });

  test(`${name}: fixed randomness gives a fixed proof, or is refused`, async () => {
    const key = await keyOf(CASES['one row']!);
    const proveFixed = () =>
      engine.prove(key, CASES['one row']!.witness, { randomness: { r: 5n, s: 7n } });
    const first = await proveFixed().catch((error: unknown) => error);
    if (first instanceof Error) {
      await assert.rejects(proveFixed(), { code: 'PROVER_RANDOMNESS_UNSUPPORTED' });
    } else {
      assert.deepEqual(await proveFixed(), first);
    }
  });

  test(`${name}: closed, it proves nothing; closing twice does no harm`, async () => {
    const closed = await chooseEngine(name);
    await closed.close();
    await closed.close();
    const key = await keyOf(CASES['one row']!);
    await assert.rejects(closed.prove(key, CASES['one row']!.witness), {
      code: 'PROVER_ENGINE_CLOSED',
    });
    await engine.selfTest();
  });
}
