/** The proofs of the engine, bit for bit those of snarkjs for the same r and s. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import {
  announceSeed,
  denseRowSystem,
  type SystemWithWitness,
  seededRandom,
  squareChainSystem,
} from '@zkinfer/core/testing';
import * as snarkjs from 'snarkjs';
import { provingKeyFromFile } from '../../prove/load-proving-key.ts';
import { developmentKeyInMemory } from '../../setup/development-key-in-memory.ts';
import type { ProofRandomness, ProvingEngine } from '../engine.ts';
import { createSnarkjsEngine } from '../snarkjs-engine.ts';
import type { KernelVariant } from './kernel-module.ts';
import { createWasmEngine } from './wasm-engine.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;

/** The cached curve of snarkjs, whose randomness is replaced. */
interface FixableCurve extends snarkjs.Curve {
  readonly Fr: { random(): unknown; e(value: bigint): unknown };
}

const SUBJECTS: Readonly<Record<string, SystemWithWitness>> = {
  'bits and a dense row': denseRowSystem(8, random.int(0, 255), random.bigint(R)),
  zeros: denseRowSystem(8, 0, 0n),
  'one row': squareChainSystem(1, random.bigint(R)),
  'every length of value': squareChainSystem(20, 3n),
  'full-size values': squareChainSystem(700, random.bigint(R)),
};

const RANDOMNESS: readonly ProofRandomness[] = [
  { r: random.bigint(R), s: random.bigint(R) },
  { r: (R - 1n) / 2n, s: (R + 1n) / 2n },
  { r: 0n, s: R - 1n },
];

let reference: ProvingEngine;
let drawn: bigint[] = [];

before(async () => {
  reference = await createSnarkjsEngine();
  const curve = (await snarkjs.curves.getCurveFromName('bn128')) as FixableCurve;
  curve.Fr.random = () => curve.Fr.e(drawn.shift()!);
});
after(() => reference.close());

const VARIANTS: readonly (KernelVariant | undefined)[] = [undefined, 'scalar'];
for (const variant of VARIANTS) {
  for (const threads of [1, 3]) {
    test(`${variant ?? 'best'} kernels on ${threads} threads: the proofs of snarkjs`, async () => {
      const engine = await createWasmEngine(
        variant === undefined ? { threads } : { threads, variant },
      );
      try {
        for (const [name, { system, witness }] of Object.entries(SUBJECTS)) {
          const key = provingKeyFromFile(await developmentKeyInMemory(system));
          for (const randomness of RANDOMNESS) {
            drawn = [randomness.r, randomness.s];
            const expected = await reference.prove(key, witness);
            const got = await engine.prove(key, witness, { randomness });
            assert.deepEqual(got, expected, name);
          }
        }
      } finally {
        await engine.close();
      }
    });
  }
}

test('another r gives another proof', async () => {
  const engine = await createWasmEngine({ threads: 1 });
  const { system, witness } = SUBJECTS['one row']!;
  const key = provingKeyFromFile(await developmentKeyInMemory(system));
  const first = await engine.prove(key, witness, { randomness: { r: 1n, s: 2n } });
  const second = await engine.prove(key, witness, { randomness: { r: 2n, s: 2n } });
  assert.notDeepEqual(first.proof, second.proof);
  await engine.close();
});

test('closed during a proof, the engine says so and ends', async () => {
  const engine = await createWasmEngine({ threads: 2 });
  const { system, witness } = SUBJECTS['full-size values']!;
  const key = provingKeyFromFile(await developmentKeyInMemory(system));
  const proof = engine.prove(key, witness);
  const rejected = assert.rejects(proof, { code: 'PROVER_ENGINE_CLOSED' });
  await engine.close();
  await rejected;
});
