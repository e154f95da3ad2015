import {
  type LinearCombination,
  type RowSink,
  type Witness,
  ZERO_COMBINATION,
} from '@zkinfer/core';
import { elementTerms } from '../compile/element-terms.ts';
import type { LinearAccumulator } from '../compile/linear-accumulator.ts';
import type { TensorExpression } from '../compile/tensor-expression.ts';
import { assignBits, bitTerms, emitBooleans } from '../gadgets/bits.ts';
import { combination, scaled, single, type Term } from '../gadgets/combination.ts';
import { multilinearCoefficients } from '../gadgets/multilinear-table.ts';
import type { TableOperator } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import type { Block, CircuitTrace } from './block.ts';

/**
 * y = table[x − lo], by the bits of the index i = x − lo, 2^n entries.
 *
 * i = Σ 2^j · bit_j (unique: i < 2^n ≪ r). All products of the low half of the bits and all of the
 * high half are wires; the table is Σ_H high_H · G_H(low products), G_H linear with constant
 * coefficients (see `multilinear-table.ts`). One row for each non-empty H with terms of its own;
 * the last of them also adds up the result.
 *
 * Rows for n = 8: 1 + 8 digits, 11 + 11 products, 15 sums: 46.
 *
 * Wires: all outputs first; then for each element digits, products, and all sums but the last.
 */
export class TableBlock implements Block {
  readonly kind = 'table';
  readonly name: string;
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
  readonly #source: TensorExpression;
  readonly #operator: TableOperator;
  readonly #layout: Layout;
  readonly #count: number;
  readonly #accumulator: () => LinearAccumulator;

  constructor(
    name: string,
    operator: TableOperator,
    source: TensorExpression,
    firstWire: number,
    accumulator: () => LinearAccumulator,
  ) {
    this.name = name;
    this.firstWire = firstWire;
    this.#source = source;
    this.#operator = operator;
    this.#accumulator = accumulator;
    this.#layout = layoutOf(operator.table);
    this.#count = elementCount(source.shape);
    this.wires = this.#count * (1 + this.#layout.wires);
    this.rows = this.#count * this.#layout.rows;
  }

  emit(sink: RowSink): void {
    const accumulator = this.#accumulator();
    for (let element = 0; element < this.#count; element++) {
      const index: Term[] = [
        ...elementTerms(this.#source, element, accumulator),
        [0, -this.#operator.lo],
      ];
      emitLookup(sink, this.#layout, index, this.#first(element), this.firstWire + element);
    }
  }

  assign({ tensors }: CircuitTrace, witness: Witness): void {
    const values = tensors.get(this.#source.name)!;
    const outputs = tensors.get(this.name)!;
    for (let element = 0; element < this.#count; element++) {
      witness.set(this.firstWire + element, outputs[element]!);
      const index = Number(values[element]) - this.#operator.lo;
      assignLookup(witness, this.#layout, index, this.#first(element));
    }
  }

  #first(element: number): number {
    return this.firstWire + this.#count + element * this.#layout.wires;
  }
}

interface Layout {
  readonly bits: number;
  readonly lowBits: number;
  readonly coefficients: readonly number[];
  /** Masks of the high half, non-empty, for which G_H is not zero. */
  readonly highMasks: readonly number[];
  /**
   * Masks of two bits or more, low half then high half, each with the offset of its product's wire.
   */
  readonly products: ReadonlyMap<number, number>;
  readonly sums: number;
  readonly wires: number;
  readonly rows: number;
}

function layoutOf(table: readonly number[]): Layout {
  const bits = Math.log2(table.length);
  const lowBits = Math.ceil(bits / 2);
  const lowSize = 2 ** lowBits;
  const coefficients = multilinearCoefficients(table);
  const highMasks: number[] = [];
  for (let mask = lowSize; mask < table.length; mask += lowSize) {
    const row = coefficients.slice(mask, mask + lowSize);
    if (row.some((coefficient) => coefficient !== 0)) highMasks.push(mask);
  }
  const products = new Map<number, number>();
  const add = (mask: number): void => {
    if (!Number.isInteger(Math.log2(mask))) products.set(mask, bits + products.size);
  };
  for (let mask = 1; mask < lowSize; mask++) add(mask);
  for (let mask = lowSize; mask < table.length; mask += lowSize) add(mask);
  const sums = bits + products.size;
  const partial = Math.max(highMasks.length - 1, 0);
  return {
    bits,
    lowBits,
    coefficients,
    highMasks,
    products,
    sums,
    wires: sums + partial,
    rows: 1 + bits + products.size + Math.max(highMasks.length, 1),
  };
}

/** The wire that holds the product of a mask's bits. */
function maskWire({ products }: Layout, first: number, mask: number): number {
  return first + (products.get(mask) ?? Math.log2(mask));
}

/** Σ over the low masks of the coefficient beside `high`. */
function lowSum(layout: Layout, first: number, high: number): Term[] {
  const terms: Term[] = [];
  for (let low = 0; low < 2 ** layout.lowBits; low++) {
    const coefficient = layout.coefficients[high + low]!;
    if (coefficient === 0) continue;
    terms.push([low === 0 ? 0 : maskWire(layout, first, low), coefficient]);
  }
  return terms;
}

function emitLookup(
  sink: RowSink,
  layout: Layout,
  index: readonly Term[],
  first: number,
  output: number,
): void {
  const digits = combination([...scaled(index, -1), ...bitTerms(first, 0, layout.bits)]);
  sink.row(ZERO_COMBINATION, ZERO_COMBINATION, digits);
  emitBooleans(sink, first, layout.bits);
  for (const [mask, offset] of layout.products) {
    const lowest = mask & -mask;
    const rest = maskWire(layout, first, mask ^ lowest);
    sink.row(single(maskWire(layout, first, lowest)), single(rest), single(first + offset));
  }
  const result: Term[] = [[output, 1], ...scaled(lowSum(layout, first, 0), -1)];
  const last = layout.highMasks.length - 1;
  layout.highMasks.forEach((high, i) => {
    const product: LinearCombination = single(maskWire(layout, first, high));
    const sum = combination(lowSum(layout, first, high));
    if (i < last) {
      sink.row(product, sum, single(first + layout.sums + i));
      result.push([first + layout.sums + i, -1]);
    } else {
      sink.row(product, sum, combination(result));
    }
  });
  if (last < 0) sink.row(ZERO_COMBINATION, ZERO_COMBINATION, combination(result));
}

function assignLookup(witness: Witness, layout: Layout, index: number, first: number): void {
  assignBits(witness, first, layout.bits, index);
  const isSet = (mask: number): boolean => (index & mask) === mask;
  for (const [mask, offset] of layout.products) {
    witness.set(first + offset, isSet(mask) ? 1 : 0);
  }
  layout.highMasks.slice(0, -1).forEach((high, i) => {
    let sum = 0;
    for (let low = 0; isSet(high) && low < 2 ** layout.lowBits; low++) {
      if (isSet(low)) sum += layout.coefficients[high + low]!;
    }
    witness.set(first + layout.sums + i, sum);
  });
}
