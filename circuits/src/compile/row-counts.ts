/**
 * What blocks and whole circuits cost, as committed in `row-counts.json`: so that a change in cost
 * is a change in a file. `npm run gen -w circuits` writes it.
 */
import {
  type CanonicalValue,
  constraintStatistics,
  domainSizeLog2,
  provingKeyBytes,
} from '@zkinfer/core';
import { bitLength } from '../graph/integer-array.ts';
import type { Network, NetworkOperation, RequantizeOperator } from '../graph/network.ts';
import { roundingTerm } from '../graph/nonlinear.ts';
import { chainOf, type InputSketch } from '../testing/network-sketch.ts';
import { requantize, UNPADDED } from '../testing/random-operations.ts';
import {
  parameterCount,
  syntheticLenet5,
  syntheticPerceptron,
} from '../testing/synthetic-networks.ts';
import { type Circuit, compileCircuit } from './compile-circuit.ts';

/** Rows of a requantisation beside what its budget is stated in. */
export interface RequantizeCount {
  readonly case: string;
  /** b: bits of acc · m + round, with the sign. */
  readonly accumulatorBits: number;
  /** n: bits of hi − lo. */
  readonly outputBits: number;
  readonly rows: number;
}

/** Rows of argmax over `elements` values of `bits` bits. */
export interface ArgmaxCount {
  readonly elements: number;
  readonly bits: number;
  readonly rows: number;
}

export interface CircuitCount {
  readonly name: string;
  /** Weights and biases that are not zero. */
  readonly parameters: number;
  readonly rows: number;
  readonly cOnlyRows: number;
  readonly wires: number;
  /** log2 of the evaluation domain. */
  readonly domain: number;
  readonly provingKeyBytes: number;
  readonly rowsByKind: Readonly<Record<string, number>>;
}

export interface RowCounts {
  readonly generatedBy: string;
  readonly inputByte: number;
  /** A linear layer of any size whose outputs a requantisation reads: beside its rows. */
  readonly linear: number;
  readonly requantize: readonly RequantizeCount[];
  /** On bytes. */
  readonly maxPool2x2: number;
  readonly argmax: readonly ArgmaxCount[];
  /** On a byte with sign. */
  readonly leakyRelu: number;
  readonly table: readonly { readonly bits: number; readonly rows: number }[];
  /** A commitment to 15 words takes one call with 16 inputs. */
  readonly poseidon16: { readonly multiplicationRows: number; readonly cOnlyRows: number };
  readonly circuits: readonly CircuitCount[];
}

const POOL = { size: [2, 2], strides: [2, 2], padding: UNPADDED } as const;
const SIGNED_20: InputSketch = { shape: [1], lo: -(2 ** 19), bits: 20 };
const UNSIGNED_20: InputSketch = { shape: [1], bits: 20 };

const REQUANTISATIONS: Record<string, [InputSketch, RequantizeOperator]> = {
  'ReLU to a byte': [SIGNED_20, requantize(6, 0, 255)],
  'ReLU to a byte, one overflow bit': [SIGNED_20, requantize(10, 0, 255)],
  'ReLU to a byte, none': [SIGNED_20, requantize(12, 0, 255)],
  'ReLU to 4 bits': [SIGNED_20, requantize(6, 0, 15)],
  'a byte with sign': [SIGNED_20, requantize(6, -128, 127)],
  'ReLU by a multiplier': [SIGNED_20, requantize(16, 0, 255, [1000])],
  'a byte, never negative': [UNSIGNED_20, requantize(6, 0, 255)],
  ReLU6: [SIGNED_20, requantize(6, 0, 96)],
  'ReLU6 by a multiplier': [SIGNED_20, requantize(16, 0, 192, [1000])],
};

/** All counts; takes some seconds. */
export function rowCounts(): RowCounts {
  return {
    generatedBy: 'npm run gen -w circuits',
    inputByte: rowsOf(chainOf({ shape: [1] }, { kind: 'argmax' }), 'input'),
    linear: linearRows(),
    requantize: Object.entries(REQUANTISATIONS).map(([name, [input, operation]]) =>
      requantizeCount(name, input, operation),
    ),
    maxPool2x2: rowsOf(chainOf({ shape: [2, 2, 1] }, { kind: 'maxPool2d', ...POOL }), 'maxPool2d'),
    argmax: [
      [2, 1],
      [10, 8],
      [10, 24],
      [1000, 8],
    ].map(([elements, bits]) => argmaxCount(elements!, bits!)),
    leakyRelu: rowsOf(
      chainOf({ shape: [1], lo: -128 }, { kind: 'leakyRelu', slope: 1, shift: 3 }),
      'leakyRelu',
    ),
    table: [1, 2, 3, 4, 5, 6, 7, 8].map((bits) => ({ bits, rows: tableRows(bits) })),
    poseidon16: poseidonRows(),
    circuits: [
      circuitCount('784-56-10', syntheticPerceptron([784, 56, 10])),
      circuitCount('LeNet-5', syntheticLenet5()),
      circuitCount('784-2000-60-4000-10', syntheticPerceptron([784, 2000, 60, 4000, 10])),
    ],
  };
}

/** Sizes of the circuit of a network. */
export function circuitCount(name: string, network: Network): CircuitCount {
  const circuit = compileCircuit(network);
  const statistics = constraintStatistics(circuit);
  return {
    name,
    parameters: parameterCount(network),
    rows: statistics.rows,
    cOnlyRows: statistics.cOnlyRows,
    wires: circuit.wires,
    domain: domainSizeLog2(circuit),
    provingKeyBytes: provingKeyBytes(statistics, circuit),
    rowsByKind: rowsByKind(circuit),
  };
}

/** The counts as canonical JSON takes them. */
export function canonicalRowCounts(): CanonicalValue {
  return rowCounts() as unknown as CanonicalValue;
}

function rowsByKind({ blocks }: Circuit): Record<string, number> {
  const rows: Record<string, number> = {};
  for (const block of blocks) rows[block.kind] = (rows[block.kind] ?? 0) + block.rows;
  return rows;
}

function rowsOf(network: Network, kind: string): number {
  return rowsByKind(compileCircuit(network))[kind] ?? 0;
}

function linearRows(): number {
  const { blocks } = compileCircuit(syntheticPerceptron([500, 40, 10]));
  const known = new Set(['input', 'requantize', 'poseidon', 'binder']);
  return blocks.filter(({ kind }) => !known.has(kind)).reduce((sum, { rows }) => sum + rows, 0);
}

function requantizeCount(
  name: string,
  input: InputSketch,
  operation: RequantizeOperator,
): RequantizeCount {
  const [lo, bits] = [BigInt(input.lo ?? 0), BigInt(input.bits ?? 8)];
  const scaled = (x: bigint) =>
    x * BigInt(operation.multipliers[0]!) + roundingTerm(operation.shift);
  return {
    case: name,
    accumulatorBits: signedBits(scaled(lo), scaled(lo + 2n ** bits - 1n)),
    outputBits: bitLength(BigInt(operation.hi - operation.lo)),
    rows: rowsOf(chainOf(input, operation), 'requantize'),
  };
}

/** Bits of the integers in [lo, hi], in two's complement if there are negative ones. */
function signedBits(lo: bigint, hi: bigint): number {
  return lo < 0n ? Math.max(bitLength(hi), bitLength(-lo - 1n)) + 1 : bitLength(hi);
}

function argmaxCount(elements: number, bits: number): ArgmaxCount {
  const network = chainOf({ shape: [elements], bits }, { kind: 'argmax' });
  return { elements, bits, rows: rowsOf(network, 'argmax') };
}

function tableRows(bits: number): number {
  // Powers of three: no coefficient of the table's polynomial is zero.
  const table = Array.from(
    { length: 2 ** bits },
    (_, i) => 3 ** (i.toString(2).split('1').length - 1),
  );
  const operation: NetworkOperation = { kind: 'table', lo: 0, table };
  return rowsOf(chainOf({ shape: [1], bits }, operation), 'table');
}

function poseidonRows(): RowCounts['poseidon16'] {
  // 15 items beside the header: 14 words of 8 elements of 31 bits, and the salt.
  const circuit = compileCircuit(chainOf({ shape: [14 * 8], bits: 31 }, { kind: 'argmax' }));
  const commitment = circuit.blocks.find(({ name }) => name === 'inputHash')!;
  const { rows, cOnlyRows } = constraintStatistics({
    ...circuit,
    emit: (sink) => commitment.emit(sink),
  });
  // One of them publishes the digest.
  return { multiplicationRows: rows - cOnlyRows, cOnlyRows: cOnlyRows - 1 };
}
