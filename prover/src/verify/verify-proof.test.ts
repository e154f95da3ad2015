import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { BASE_FIELD_ORDER, SCALAR_FIELD_ORDER, type Witness, writeWtns } from '@zkinfer/core';
import { denseRowSystem } from '@zkinfer/core/testing';
import * as snarkjs from 'snarkjs';
import { openSnarkjs } from '../engine/snarkjs-session.ts';
import type { ProvingKeyFile } from '../formats/zkey-file.ts';
import { developmentKeyInMemory } from '../setup/development-key-in-memory.ts';
import { exportVerificationKey } from '../setup/export-verification-key.ts';
import { verifyProof } from './verify-proof.ts';

/** The JSON of a verification, free to be spoiled. */
interface Case {
  // biome-ignore lint/suspicious/noExplicitAny: spoiled in ways that no type allows
  key: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  signals: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  proof: any;
}

type Answer = 'valid' | 'wrong' | 'malformed';

let release: () => Promise<void>;
let good: Case;
let other: Case;
let provingKey: ProvingKeyFile;

before(async () => {
  release = await openSnarkjs();
  const { system, witness } = denseRowSystem(3, 5, 77n);
  provingKey = await developmentKeyInMemory(system);
  good = await proveCase(provingKey, witness);
  other = await proveCase(await developmentKeyInMemory(system), witness);
});
after(() => release());

async function proveCase(key: ProvingKeyFile, witness: Witness): Promise<Case> {
  const { proof, publicSignals } = await snarkjs.groth16.prove(key.bytes, writeWtns(witness));
  return { key: exportVerificationKey(key), signals: publicSignals, proof };
}

function ourAnswer({ key, signals, proof }: Case): Answer {
  try {
    return verifyProof(key, signals, proof).valid ? 'valid' : 'wrong';
  } catch (error) {
    const { code } = error as { code?: string };
    if (!/^PROVER_(PROOF|PUBLIC|VERIFICATION_KEY)_/.test(code ?? '')) throw error;
    return 'malformed';
  }
}

async function accepts({ key, signals, proof }: Case): Promise<boolean> {
  return snarkjs.groth16.verify(key, signals, proof).catch(() => false);
}

/** Not in the subgroup: the cofactor of G2 is large, so the first point found is outside it. */
function pointOutsideSubgroup(): string[][] {
  const { Fp2 } = bn254.fields;
  const b = Fp2.div(Fp2.fromBigTuple([3n, 0n]), Fp2.fromBigTuple([9n, 1n]));
  for (let i = 1n; ; i++) {
    const x = Fp2.fromBigTuple([i, 0n]);
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), b);
    try {
      const y = Fp2.sqrt(square);
      return [
        [`${x.c0}`, `${x.c1}`],
        [`${y.c0}`, `${y.c1}`],
        ['1', '0'],
      ];
    } catch {}
  }
}

const plus = (text: string, value: bigint) => String(BigInt(text) + value);
const P = BASE_FIELD_ORDER;

/** Each spoils a good case. `laxer`: snarkjs accepts it nevertheless. */
const SPOILED: Readonly<
  Record<string, { spoil: (c: Case) => void; answer: Answer; laxer?: true }>
> = {
  'a signal changed': { spoil: (c) => (c.signals[1] = plus(c.signals[1], 1n)), answer: 'wrong' },
  'two signals exchanged': { spoil: (c) => c.signals.reverse(), answer: 'wrong' },
  'a signal plus r': {
    spoil: (c) => (c.signals[1] = plus(c.signals[1], SCALAR_FIELD_ORDER)),
    answer: 'malformed',
  },
  'a negative signal': {
    spoil: (c) => (c.signals[1] = plus(c.signals[1], -SCALAR_FIELD_ORDER)),
    answer: 'malformed',
  },
  'a signal with a leading zero': {
    spoil: (c) => (c.signals[1] = `0${c.signals[1]}`),
    answer: 'malformed',
    laxer: true,
  },
  'a signal in hex': {
    spoil: (c) => (c.signals[1] = `0x${BigInt(c.signals[1]).toString(16)}`),
    answer: 'malformed',
    laxer: true,
  },
  'a signal missing': { spoil: (c) => c.signals.pop(), answer: 'malformed' },
  'a signal too many': { spoil: (c) => c.signals.push('0'), answer: 'malformed' },
  'no signals': { spoil: (c) => (c.signals = {}), answer: 'malformed' },
  'a and c exchanged': {
    spoil: (c) => ([c.proof.pi_a, c.proof.pi_c] = [c.proof.pi_c, c.proof.pi_a]),
    answer: 'wrong',
  },
  'a negated': {
    spoil: (c) => (c.proof.pi_a[1] = String(P - BigInt(c.proof.pi_a[1]))),
    answer: 'wrong',
  },
  'a coordinate of a changed': {
    spoil: (c) => (c.proof.pi_a[0] = plus(c.proof.pi_a[0], 1n)),
    answer: 'malformed',
  },
  'a coordinate of b changed': {
    spoil: (c) => (c.proof.pi_b[0][1] = plus(c.proof.pi_b[0][1], 1n)),
    answer: 'malformed',
  },
  'the parts of b exchanged': {
    spoil: (c) => c.proof.pi_b.map((pair: string[]) => pair.reverse()),
    answer: 'malformed',
  },
  'b outside the subgroup': {
    spoil: (c) => (c.proof.pi_b = pointOutsideSubgroup()),
    answer: 'malformed',
  },
  'a coordinate of a plus p': {
    spoil: (c) => (c.proof.pi_a[0] = plus(c.proof.pi_a[0], P)),
    answer: 'malformed',
    laxer: true,
  },
  'a coordinate of c as a number': {
    spoil: (c) => (c.proof.pi_c[2] = 1),
    answer: 'malformed',
    laxer: true,
  },
  'all points at infinity': {
    spoil: (c) => {
      c.proof.pi_a = ['0', '1', '0'];
      c.proof.pi_b = [
        ['0', '0'],
        ['1', '0'],
        ['0', '0'],
      ];
      c.proof.pi_c = ['0', '1', '0'];
    },
    answer: 'wrong',
  },
  'a in scaled projective coordinates': {
    spoil: (c) => (c.proof.pi_a[2] = '2'),
    answer: 'malformed',
  },
  'a point missing': { spoil: (c) => delete c.proof.pi_c, answer: 'malformed' },
  'another protocol': {
    spoil: (c) => (c.proof.protocol = 'plonk'),
    answer: 'malformed',
    laxer: true,
  },
  'another curve': { spoil: (c) => (c.proof.curve = 'bls12381'), answer: 'malformed', laxer: true },
  'an array for a proof': { spoil: (c) => (c.proof = []), answer: 'malformed' },
  'another setup’s key': { spoil: (c) => (c.key = other.key), answer: 'wrong' },
  'another setup’s proof': { spoil: (c) => (c.proof = other.proof), answer: 'wrong' },
  'a key with two IC points exchanged': {
    spoil: (c) => ([c.key.IC[1], c.key.IC[2]] = [c.key.IC[2], c.key.IC[1]]),
    answer: 'wrong',
  },
  'a key whose gamma is delta': {
    spoil: (c) => (c.key.vk_delta_2 = c.key.vk_gamma_2),
    answer: 'malformed',
  },
  'a key with an IC point at infinity': {
    spoil: (c) => (c.key.IC[2] = ['0', '1', '0']),
    answer: 'malformed',
  },
  'a key with fewer IC points': { spoil: (c) => c.key.IC.pop(), answer: 'malformed' },
  'a key with another count': {
    spoil: (c) => (c.key.nPublic = 2),
    answer: 'malformed',
    laxer: true,
  },
  'a key off the curve': {
    spoil: (c) => (c.key.vk_alpha_1[0] = plus(c.key.vk_alpha_1[0], 1n)),
    answer: 'malformed',
  },
};

test('behavior: a good proof is accepted by both', async () => {
  assert.equal(ourAnswer(good), 'valid');
  assert.ok(await accepts(good));
});

for (const [name, { spoil, answer, laxer = false }] of Object.entries(SPOILED)) {
  const snarkjsToo = laxer ? 'though snarkjs accepts it' : 'as for snarkjs';
  test(`behavior: ${answer}, ${snarkjsToo}: ${name}`, async () => {
    const spoiled = structuredClone(good);
    spoil(spoiled);
    assert.equal(ourAnswer(spoiled), answer);
    assert.equal(await accepts(structuredClone(spoiled)), laxer);
  });
}

test('behavior: a signal of zero and one of r − 1 verify', async () => {
  const { witness } = denseRowSystem(3, 0, SCALAR_FIELD_ORDER - 1n);
  const boundary = await proveCase(provingKey, witness);
  assert.deepEqual(boundary.signals, ['0', '0', String(SCALAR_FIELD_ORDER - 1n)]);
  assert.equal(ourAnswer(boundary), 'valid');
});

test('behavior: malformed, though snarkjs accepts it: a last signal of 0 left out', async () => {
  const { witness } = denseRowSystem(3, 2, 0n);
  const shortened = await proveCase(provingKey, witness);
  assert.equal(ourAnswer(shortened), 'valid');
  shortened.signals.pop();
  assert.equal(ourAnswer(shortened), 'malformed');
  assert.ok(await accepts(shortened));
});

test('error: the count of signals has a code of its own', () => {
  assert.throws(() => verifyProof(good.key, good.signals.slice(1), good.proof), {
    code: 'PROVER_PUBLIC_COUNT',
  });
});
