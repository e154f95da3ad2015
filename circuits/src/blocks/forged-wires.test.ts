/**
 * Soundness, wire by wire: each wire of a valid witness is changed in turn, and a row must notice.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { type Circuit, compileCircuit, PUBLIC_WIRES } from '../compile/compile-circuit.ts';
import type { Network, NetworkOperation } from '../graph/network.ts';
import { sampleInputs } from '../interpret/sample-inputs.ts';
import { type CollectedRow, collectRows } from '../testing/collected-rows.ts';
import { type Forgery, isFreeInverse, unnoticedForgeries } from '../testing/forge-wires.ts';
import { chainOf, type InputSketch } from '../testing/network-sketch.ts';
import { assertProven } from '../testing/proven-inference.ts';
import { randomDense, requantize, UNPADDED } from '../testing/random-operations.ts';
import type { Block } from './block.ts';

const random = seededRandom(announceSeed());

const STATEMENT_KINDS = new Set(['poseidon', 'binder']);
const isStatement = ({ kind }: Block): boolean => STATEMENT_KINDS.has(kind);

/** The wires of blocks. */
function wiresOf(blocks: readonly Block[]): number[] {
  return blocks.flatMap(({ firstWire, wires }) =>
    Array.from({ length: wires }, (_, i) => firstWire + i),
  );
}

/**
 * Forges wires on boundary and random inputs, and asserts that one of the rows notices each.
 * @returns how often the one free wire was met
 */
function assertUnforgeable(
  circuit: Circuit,
  rows: readonly CollectedRow[],
  wires: readonly number[],
  samples = 4,
): number {
  let free = 0;
  for (const inputs of sampleInputs(random, circuit.network, samples)) {
    const inputSalt = random.bigint(SCALAR_FIELD_ORDER);
    const binder = random.bigint(SCALAR_FIELD_ORDER);
    const { witness } = assertProven(circuit, { inputs, inputSalt, binder });
    for (const forgery of unnoticedForgeries(rows, witness, wires, random)) {
      const { wire, value, forged } = forgery;
      const what = `wire ${wire} may be ${forged} in place of ${value}`;
      if (isNegatedBinder(forgery)) continue;
      assert.ok(isFreeInverse(forgery, witness), what);
      free++;
    }
  }
  return free;
}

/** The binder is the prover's to choose, and its square is that of its negative. */
function isNegatedBinder({ wire, value, forged }: Forgery): boolean {
  return wire === PUBLIC_WIRES.binder && forged === SCALAR_FIELD_ORDER - value;
}

/** Forges the network's wires; its own rows must notice, without the help of commitments. */
function freeWiresOfNetwork(network: Network): number {
  const circuit = compileCircuit(network);
  const blocks = circuit.blocks.filter((block) => !isStatement(block));
  return assertUnforgeable(circuit, collectRows(...blocks), wiresOf(blocks));
}

const byte: InputSketch = { shape: [6] };
const signed: InputSketch = { shape: [6], lo: -64, bits: 7 };
const image: InputSketch = { shape: [2, 3, 2], lo: -8, bits: 4 };
const window = { size: [2, 2], strides: [1, 1], padding: UNPADDED } as const;

const UNFORGEABLE: Record<string, [InputSketch, ...NetworkOperation[]]> = {
  'an input': [byte, randomDense(random, 6, 2)],
  'named sums': [{ shape: [40], bits: 2 }, randomDense(random, 40, 3), randomDense(random, 3, 2)],
  'requantise, unsigned': [byte, requantize(4, 0, 15)],
  'requantise, unsigned with one overflow bit': [byte, requantize(3, 0, 15)],
  'requantise, signed': [signed, requantize(2, 0, 15)],
  'requantise, one overflow bit': [signed, requantize(1, 0, 15)],
  'requantise, two overflow bits': [signed, requantize(0, 0, 15)],
  'requantise, three overflow bits': [signed, requantize(0, 0, 7)],
  'requantise to a constant': [signed, requantize(9, 0, 7)],
  'requantise from −8 on': [signed, requantize(1, -8, 7)],
  'requantise to an upper bound of its own': [signed, requantize(1, 0, 20)],
  'requantise by a multiplier for each element': [
    signed,
    requantize(9, -4, 3, [1, 20, 30, 40, 5, 200]),
  ],
  'requantise at shift 0': [signed, requantize(0, -64, 63)],
  'max pooling': [image, { kind: 'maxPool2d', ...window }],
  argmax: [{ shape: [4], lo: -2, bits: 2 }, { kind: 'argmax' }],
  'argmax of ties': [{ shape: [3], bits: 1 }, requantize(4, 0, 3), { kind: 'argmax' }],
  'leaky ReLU': [signed, { kind: 'leakyRelu', slope: 3, shift: 4 }, requantize(5, -8, 7)],
};

for (const [name, [input, ...operations]] of Object.entries(UNFORGEABLE)) {
  test(`no wire can be forged: ${name}`, () => {
    assert.equal(freeWiresOfNetwork(chainOf(input, ...operations)), 0);
  });
}

for (let bits = 1; bits <= 8; bits++) {
  test(`no wire can be forged: a table of ${bits} bits`, () => {
    const table = Array.from({ length: 2 ** bits }, () => random.int(-99, 99));
    const network = chainOf({ shape: [2], lo: -1, bits }, { kind: 'table', lo: -1, table });
    assert.equal(freeWiresOfNetwork(network), 0);
  });
}

test('with four overflow bits or more, nothing but the inverse of their sum 0 can be forged', () => {
  for (const operation of [requantize(0, 0, 3), requantize(0, 0, 1), requantize(0, 0, 2)]) {
    assert.ok(freeWiresOfNetwork(chainOf(signed, operation)) > 0);
  }
});

test('no wire can be forged: salts, commitments, binder and public signals', () => {
  const oneWord = chainOf({ shape: [3], bits: 2 }, randomDense(random, 3, 2));
  const seventeenWords = chainOf({ shape: [17 * 8], bits: 31 }, { kind: 'argmax' });
  for (const network of [oneWord, seventeenWords]) {
    const circuit = compileCircuit(network);
    const wires = wiresOf(circuit.blocks.filter(isStatement));
    const all = [...Object.values(PUBLIC_WIRES), ...wires];
    assert.equal(assertUnforgeable(circuit, collectRows(circuit), all, 0), 0);
  }
});
