/**
 * Poseidon over BN254's scalar field as circomlib, circomlibjs and the Solidity libraries compute
 * it. Source: eprint 2019/458, section 2; the plain algorithm, without the sparse-matrix rewriting,
 * so that the circuit's gadget can follow it line by line.
 */
import { InputError } from './errors.ts';
import { SCALAR_FIELD_ORDER as r } from './field.ts';
import { requireFieldElement } from './field-element.ts';
import {
  MAX_POSEIDON_INPUTS,
  type PoseidonParameters,
  poseidonParameters,
} from './poseidon-parameters.ts';

/**
 * The digest of 1 to 16 field elements: element 0 of the permuted state [0, …inputs].
 * @throws InputError CORE_POSEIDON_INPUTS for another number of them, CORE_FIELD_ELEMENT_RANGE if
 * one is not in [0, r).
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  if (inputs.length < 1 || inputs.length > MAX_POSEIDON_INPUTS) {
    throw new InputError({
      code: 'CORE_POSEIDON_INPUTS',
      what: 'Poseidon cannot hash this many elements in one call',
      got: `${inputs.length}`,
      expected: `1 to ${MAX_POSEIDON_INPUTS}`,
    });
  }
  inputs.forEach((input, i) => {
    requireFieldElement(input, `Poseidon input ${i}`);
  });
  return permute([0n, ...inputs], poseidonParameters(inputs.length + 1))[0]!;
}

/**
 * Per round: add constants, x^5 on all elements (first and last four rounds) or on element 0,
 * multiply by the matrix.
 */
function permute(start: readonly bigint[], parameters: PoseidonParameters): bigint[] {
  const { width, fullRounds, partialRounds, roundConstants, mds } = parameters;
  const half = fullRounds / 2;
  let state = [...start];
  for (let round = 0; round < fullRounds + partialRounds; round++) {
    const full = round < half || round >= half + partialRounds;
    const added = state.map((x, i) => (x + roundConstants[round * width + i]!) % r);
    const substituted = added.map((x, i) => (full || i === 0 ? fifthPower(x) : x));
    state = mds.map((row) => innerProduct(row, substituted));
  }
  return state;
}

function fifthPower(x: bigint): bigint {
  const square = (x * x) % r;
  return (((square * square) % r) * x) % r;
}

function innerProduct(row: readonly bigint[], state: readonly bigint[]): bigint {
  let sum = 0n;
  for (let i = 0; i < row.length; i++) sum += row[i]! * state[i]!;
  return sum % r;
}
