import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPoseidonReference } from 'circomlibjs';
import { SCALAR_FIELD_ORDER } from './field.ts';
import { poseidon } from './poseidon.ts';
import { poseidonParameters } from './poseidon-parameters.ts';
import { seededRandom } from './seeded-random.ts';
import { announceSeed } from './testing/announce-seed.ts';

const random = seededRandom(announceSeed());
const r = SCALAR_FIELD_ORDER;

test('agrees with circomlibjs on 1 to 16 random and extreme inputs', async () => {
  const reference = await buildPoseidonReference();
  for (let count = 1; count <= 16; count++) {
    const cases = [
      Array.from({ length: count }, () => random.bigint(r)),
      new Array<bigint>(count).fill(0n),
      new Array<bigint>(count).fill(r - 1n),
    ];
    for (const inputs of cases) {
      assert.equal(poseidon(inputs), reference.F.toObject(reference(inputs)), `${inputs}`);
    }
  }
});

test('gives the digest of [1, 2] that circomlib publishes', () => {
  // Source: circomlib, test/poseidoncircuit.js.
  assert.equal(
    poseidon([1n, 2n]),
    0x115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189an,
  );
});

test('parameters have t constants a round and a square matrix, and are computed once', () => {
  const parameters = poseidonParameters(17);
  assert.equal(parameters.roundConstants.length, (8 + 68) * 17);
  assert.equal(parameters.mds.length, 17);
  assert.ok(parameters.mds.every((row) => row.length === 17));
  assert.equal(poseidonParameters(17), parameters);
});

test('widths without parameters are refused', () => {
  for (const width of [0, 1, 18, 2.5, Number.NaN]) {
    assert.throws(() => poseidonParameters(width), RangeError);
  }
});

test('no inputs or 17 of them are refused', () => {
  for (const count of [0, 17]) {
    assert.throws(() => poseidon(new Array<bigint>(count).fill(1n)), {
      code: 'CORE_POSEIDON_INPUTS',
    });
  }
});

test('inputs outside [0, r) are refused, their residues are not', () => {
  for (const input of [-1n, r, r + 1n, 2n ** 256n]) {
    assert.throws(() => poseidon([0n, input]), { code: 'CORE_FIELD_ELEMENT_RANGE' });
  }
  assert.doesNotThrow(() => poseidon([0n, r - 1n]));
});
