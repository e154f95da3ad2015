import { type RowSink, type Witness, ZERO_COMBINATION } from '@zkinfer/core';
import { elementTerms } from '../compile/element-terms.ts';
import type { LinearAccumulator } from '../compile/linear-accumulator.ts';
import type { TensorExpression } from '../compile/tensor-expression.ts';
import { assignBits, emitWithImplicitLowBit } from '../gadgets/bits.ts';
import { combination, scaled, type Term } from '../gadgets/combination.ts';
import { bitLength } from '../graph/integer-array.ts';
import { overallRange } from '../graph/ranges.ts';
import { elementCount } from '../graph/shape.ts';
import type { Block, CircuitTrace } from './block.ts';

/**
 * Index i of the largest of n elements v_j, the lowest on ties.
 *
 * s_j says whether i ≥ j: s_0 = 1 and s_n = 0 are constants, the others wires. The selectors
 * e_j = s_j − s_(j+1) are boolean and sum to s_0 − s_n = 1 (n ≪ r): exactly one is set, at i = Σ
 * s_j over j ≥ 1. e_j · (m − v_j) = 0 makes m = v_i. For each j, m − v_j − s_(j+1), which is
 * v_i − v_j − [j < i], is shown to lie in [0, 2^b), b the bits of the static range: so v_i > v_j
 * for j < i and v_i ≥ v_j for all j. One index satisfies this, and all wires follow from it: the
 * decompositions are of integers below 2^64 ≪ r. Selectors made of two wires keep each row short,
 * whatever n.
 *
 * Rows: n selectors, n equalities, n · b digits (the lowest implicit) and 1 for the index:
 * n · (b + 2) + 1.
 *
 * Wires: index, m, s_1 … s_(n−1), then b − 1 digits for each element.
 */
export class ArgmaxBlock implements Block {
  readonly kind = 'argmax';
  readonly name: string;
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
  readonly #source: TensorExpression;
  readonly #count: number;
  readonly #bits: number;
  readonly #accumulator: () => LinearAccumulator;

  /** @param source elements of few terms: they enter A and B. */
  constructor(
    name: string,
    source: TensorExpression,
    firstWire: number,
    accumulator: () => LinearAccumulator,
  ) {
    this.name = name;
    this.firstWire = firstWire;
    this.#source = source;
    this.#accumulator = accumulator;
    this.#count = elementCount(source.shape);
    const { lo, hi } = overallRange(source.ranges);
    this.#bits = Math.max(1, bitLength(hi - lo));
    this.wires = 1 + this.#count * this.#bits;
    this.rows = this.#count * (this.#bits + 2) + 1;
  }

  emit(sink: RowSink): void {
    const accumulator = this.#accumulator();
    const [index, greatest] = [this.firstWire, this.firstWire + 1];
    for (let j = 0; j < this.#count; j++) {
      const later = this.#atLeast(j + 1);
      const selector = combination([...this.#atLeast(j), ...scaled(later, -1)]);
      sink.row(selector, selector, selector);
      const element = elementTerms(this.#source, j, accumulator);
      const behind: Term[] = [[greatest, 1], ...scaled(element, -1)];
      sink.row(selector, combination(behind), ZERO_COMBINATION);
      const digits = { firstWire: this.#digits(j), count: this.#bits - 1 };
      emitWithImplicitLowBit(sink, [...behind, ...scaled(later, -1)], digits, 0n);
    }
    const position: Term[] = [[index, -1]];
    for (let j = 1; j < this.#count; j++) position.push(...this.#atLeast(j));
    sink.row(ZERO_COMBINATION, ZERO_COMBINATION, combination(position));
  }

  assign({ tensors }: CircuitTrace, witness: Witness): void {
    const values = tensors.get(this.#source.name)!;
    const best = Number(tensors.get(this.name)![0]);
    const greatest = BigInt(values[best]!);
    witness.set(this.firstWire, best);
    witness.set(this.firstWire + 1, greatest);
    for (let j = 0; j < this.#count; j++) {
      if (j > 0) witness.set(this.#comparisonWire(j), best >= j ? 1 : 0);
      const lead = greatest - BigInt(values[j]!) - (j < best ? 1n : 0n);
      assignBits(witness, this.#digits(j), this.#bits - 1, lead >> 1n);
    }
  }

  /** s_j, for 0 ≤ j ≤ n. */
  #atLeast(j: number): Term[] {
    if (j === 0) return [[0, 1]];
    return j === this.#count ? [] : [[this.#comparisonWire(j), 1]];
  }

  /** The wire of s_j, for 1 ≤ j < n. */
  #comparisonWire(j: number): number {
    return this.firstWire + 1 + j;
  }

  #digits(j: number): number {
    return this.firstWire + 1 + this.#count + j * (this.#bits - 1);
  }
}
