/**
 * What has broken other zero-knowledge inference systems, tried on this one. Each attack has its
 * honest sibling.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSatisfaction, SCALAR_FIELD_ORDER, Witness } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { type Circuit, compileCircuit, PUBLIC_WIRES } from '../compile/compile-circuit.ts';
import type { Network } from '../graph/network.ts';
import { interpret } from '../interpret/interpret.ts';
import { collectRows } from '../testing/collected-rows.ts';
import { enumerateAssignments } from '../testing/enumerate-assignments.ts';
import { chainOf } from '../testing/network-sketch.ts';
import { requantize } from '../testing/random-operations.ts';
import type { Block, CircuitTrace } from './block.ts';

const random = seededRandom(announceSeed());
const r = SCALAR_FIELD_ORDER;

const blockOf = (circuit: Circuit, name: string): Block =>
  circuit.blocks.find((block) => block.name === name)!;

/** How many assignments a block has when these wires are given. */
function assignments(block: Block, given: Iterable<readonly [number, bigint]>): number {
  return enumerateAssignments(collectRows(block), new Map(given)).length;
}

/** A witness of which each block is assigned from a trace of its own choice. */
function assignedWitness(
  circuit: Circuit,
  honest: CircuitTrace,
  forged: Readonly<Record<string, Partial<CircuitTrace>>> = {},
): Witness {
  const witness = new Witness(circuit.wires);
  witness.set(0, 1);
  for (const block of circuit.blocks) block.assign({ ...honest, ...forged[block.name] }, witness);
  return witness;
}

const isAccepted = (circuit: Circuit, witness: Witness): boolean =>
  checkSatisfaction(circuit, witness).satisfied;

/** A network with its circuit and the honest trace of an input. */
function session(network: Network, input: number[]) {
  const circuit = compileCircuit(network);
  const tensors = interpret(network, [Float64Array.from(input)]);
  const honest: CircuitTrace = { tensors, inputSalt: random.bigint(r), binder: random.bigint(r) };
  assert.ok(isAccepted(circuit, assignedWitness(circuit, honest)));
  return { circuit, honest };
}

/** The trace's tensors, one of them replaced. */
const withTensor = ({ tensors }: CircuitTrace, name: string, values: number[]) => ({
  tensors: new Map(tensors).set(name, Float64Array.from(values)),
});

test('an input out of range has no decomposition: byte 256, −1, r − 1, aliases of a byte', () => {
  const circuit = compileCircuit(chainOf({ shape: [1] }, { kind: 'argmax' }));
  const input = blockOf(circuit, 'x');
  const count = (value: bigint) => assignments(input, [[input.firstWire, value]]);
  for (const value of [0n, 1n, 255n]) assert.equal(count(value), 1, `${value}`);
  for (const value of [256n, -1n, r - 1n, 5n + 256n, 5n - 256n, 1n << 200n]) {
    assert.equal(count(value), 0, `${value}`);
  }
});

test('an input of a range around zero ends at both of its ends', () => {
  const circuit = compileCircuit(chainOf({ shape: [1], lo: -3, bits: 3 }, { kind: 'argmax' }));
  const input = blockOf(circuit, 'x');
  const valid = Array.from({ length: 20 }, (_, i) => i - 10).filter(
    (value) => assignments(input, [[input.firstWire, BigInt(value)]]) === 1,
  );
  assert.deepEqual(valid, [-3, -2, -1, 0, 1, 2, 3, 4]);
});

test('an accumulator cannot pass for one that differs by 2^B or by r', () => {
  const circuit = compileCircuit(chainOf({ shape: [1], lo: -32, bits: 6 }, requantize(1, 0, 7)));
  const [input, output] = [blockOf(circuit, 'x'), blockOf(circuit, 't0')];
  const count = (accumulator: bigint, result: bigint) =>
    assignments(output, [
      [input.firstWire, accumulator],
      [output.firstWire, result],
    ]);
  assert.equal(count(9n, 5n), 1);
  for (const alias of [0n, 4n, 6n, 5n + 8n, 5n - 8n, -5n]) assert.equal(count(9n, alias), 0);
  // v = accumulator + 1 takes 7 bits with its sign: other residues mod 2^7 have no decomposition at
  // all.
  for (const other of [9n + 128n, 9n - 128n, 9n + 256n, 9n - 256n]) {
    for (let result = 0n; result < 8n; result++) assert.equal(count(other, result), 0);
  }
});

test('no decomposition, however wide, comes near r', () => {
  const network = chainOf(
    { shape: [2], lo: -(2 ** 30), bits: 31 },
    { kind: 'add', multipliers: [2 ** 30] },
    requantize(61, -(2 ** 31) + 1, 2 ** 31 - 1, [2 ** 31 - 1, 1]),
    { kind: 'argmax' },
  );
  const circuit = compileCircuit(network);
  for (const block of [blockOf(circuit, 't1'), blockOf(circuit, 't2')]) {
    for (const { a, b, c } of collectRows(block)) {
      for (const [, coefficient] of [a, b, c].flat()) {
        const magnitude = coefficient > r / 2n ? r - coefficient : coefficient;
        assert.ok(magnitude < 1n << 96n);
      }
    }
  }
});

test('the remainder of a division is not free: it is what rounds', () => {
  const circuit = compileCircuit(chainOf({ shape: [1], bits: 6 }, requantize(3, 0, 7)));
  const [input, output] = [blockOf(circuit, 'x'), blockOf(circuit, 't0')];
  for (let value = 0; value < 64; value++) {
    const results = Array.from({ length: 8 }, (_, result) => result).filter((result) => {
      const given = [
        [input.firstWire, BigInt(value)],
        [output.firstWire, BigInt(result)],
      ] as const;
      return assignments(output, given) > 0;
    });
    assert.deepEqual(results, [Math.min(Math.floor((value + 4) / 8), 7)]);
  }
});

test('zero has one sign: it is not negative, in leaky ReLU and in max pooling', () => {
  const leaky = compileCircuit(
    chainOf({ shape: [1], lo: -4, bits: 3 }, { kind: 'leakyRelu', slope: 1, shift: 2 }),
  );
  const [input, block] = [blockOf(leaky, 'x'), blockOf(leaky, 't0')];
  // The last wires of an element are its sign and sign · x.
  const sign = block.firstWire + block.wires - 2;
  const count = (value: bigint, negative: bigint) =>
    assignments(block, [
      [input.firstWire, value],
      [sign, negative],
    ]);
  assert.deepEqual([count(0n, 0n), count(0n, 1n)], [1, 0]);
  assert.deepEqual([count(-1n, 0n), count(-1n, 1n)], [0, 1]);
  assert.deepEqual([count(3n, 0n), count(3n, 1n)], [1, 0]);
});

test('argmax cannot name another of equal elements, nor a smaller one', () => {
  const circuit = compileCircuit(chainOf({ shape: [3], bits: 2 }, { kind: 'argmax' }));
  const [input, block] = [blockOf(circuit, 'x'), blockOf(circuit, 't0')];
  const indices = (...values: number[]) =>
    [0, 1, 2, 3].filter((index) => {
      const given = values.map((value, i) => [input.firstWire + i, BigInt(value)] as const);
      return assignments(block, [...given, [block.firstWire, BigInt(index)]]) > 0;
    });
  assert.deepEqual(indices(2, 3, 3), [1]);
  assert.deepEqual(indices(3, 3, 3), [0]);
  assert.deepEqual(indices(0, 0, 1), [2]);
  assert.deepEqual(indices(3, 0, 3), [0]);
});

test('argmax cannot use selectors that sum to 1 without being boolean', () => {
  const choice = chainOf({ shape: [3], bits: 2 }, { kind: 'argmax' });
  const { circuit, honest } = session(choice, [2, 2, 1]);
  const block = blockOf(circuit, 't0');
  const half = (r + 1n) / 2n;
  for (const selectors of [
    [half, half, 0n],
    [2n, -1n, 0n],
    [-1n, 1n, 1n],
    [0n, 1n, 0n],
  ] as const) {
    // Wires: index, maximum, then [index ≥ 1] and [index ≥ 2], the sums of the later selectors.
    const atLeast = [selectors[1] + selectors[2], selectors[2]];
    const witness = assignedWitness(circuit, honest);
    atLeast.forEach((value, j) => {
      witness.set(block.firstWire + 2 + j, value);
    });
    witness.set(block.firstWire, atLeast[0]! + atLeast[1]!);
    assert.equal(isAccepted(circuit, witness), false, `selectors ${selectors}`);
  }
});

const network = chainOf({ shape: [4], lo: -8, bits: 4 }, requantize(1, -4, 3));
const INPUT = [-8, 7, 3, -2];

test('each public signal is bound to the rest of the witness', () => {
  const { circuit, honest } = session(network, INPUT);
  for (const wire of Object.values(PUBLIC_WIRES)) {
    for (const change of [1n, -1n, random.bigint(r - 1n) + 1n]) {
      const witness = assignedWitness(circuit, honest);
      witness.set(wire, witness.get(wire) + change);
      assert.equal(isAccepted(circuit, witness), false, `public wire ${wire}`);
    }
  }
});

test('another output than the network’s cannot be committed to', () => {
  const { circuit, honest } = session(network, INPUT);
  const output = [...honest.tensors.get('t0')!].map(Number);
  output[2]! -= 1;
  const forged = withTensor(honest, 't0', output);
  const witness = assignedWitness(circuit, honest, { outputHash: forged });
  assert.equal(isAccepted(circuit, witness), false, 'in the commitment alone');
  const everywhere = assignedWitness(circuit, { ...honest, ...forged });
  assert.equal(isAccepted(circuit, everywhere), false, 'in the whole circuit');
});

test('another input than the one computed on cannot be committed to', () => {
  const { circuit, honest } = session(network, INPUT);
  const forged = withTensor(honest, 'x', [-8, 7, 3, -3]);
  assert.equal(isAccepted(circuit, assignedWitness(circuit, honest, { inputHash: forged })), false);
});

test('the output’s salt follows from the input’s, and the input’s is the committed one', () => {
  const { circuit, honest } = session(network, INPUT);
  for (const name of ['outputHash', 'inputHash', 'salts']) {
    const witness = assignedWitness(circuit, honest, { [name]: { inputSalt: random.bigint(r) } });
    assert.equal(isAccepted(circuit, witness), false, `another salt in ${name}`);
  }
});

test('elements are packed in order, the first in the lowest bits', () => {
  const { circuit, honest } = session(network, INPUT);
  const reversed = (name: string) =>
    withTensor(honest, name, [...honest.tensors.get(name)!].map(Number).reverse());
  for (const [block, tensor] of [
    ['inputHash', 'x'],
    ['outputHash', 't0'],
  ] as const) {
    const witness = assignedWitness(circuit, honest, { [block]: reversed(tensor) });
    assert.equal(isAccepted(circuit, witness), false, block);
  }
});

test('another binder needs another witness', () => {
  const { circuit, honest } = session(network, INPUT);
  const witness = assignedWitness(circuit, honest);
  witness.set(PUBLIC_WIRES.binder, honest.binder + 1n);
  assert.equal(isAccepted(circuit, witness), false);
  const other = assignedWitness(circuit, { ...honest, binder: honest.binder + 1n });
  assert.ok(isAccepted(circuit, other));
});
