import { type RowSink, type Witness, ZERO_COMBINATION } from '@zkinfer/core';
import { elementTerms } from '../compile/element-terms.ts';
import type { LinearAccumulator } from '../compile/linear-accumulator.ts';
import type { TensorExpression } from '../compile/tensor-expression.ts';
import { assignBits, emitBooleans, emitWithImplicitLowBit } from '../gadgets/bits.ts';
import { combination, scaled, single, type Term } from '../gadgets/combination.ts';
import { bitLength } from '../graph/integer-array.ts';
import { overallRange } from '../graph/ranges.ts';
import { elementCount } from '../graph/shape.ts';
import type { Block, CircuitTrace } from './block.ts';

/**
 * Index of the largest of n elements v_j, the lowest on ties.
 *
 * Selectors e_j are boolean and sum to 1: exactly one is set, at index i. e_j · (m − v_j) = 0 makes m = v_i. For each j,
 * m − v_j − Σ_{l > j} e_l, which is v_i − v_j − [j < i], is shown to lie in [0, 2^b), b the bits of the static range: so
 * v_i > v_j for j < i and v_i ≥ v_j for all j. One index satisfies this, and all wires follow from it: the decompositions
 * are of integers below 2^64 ≪ r.
 *
 * Rows: n selectors, n equalities, n · b digits (the lowest implicit), 1 for the sum and 1 for the index: n · (b + 2) + 2.
 *
 * Wires: index, m, e_0 … e_(n−1), then b − 1 digits for each element.
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
    this.wires = 2 + this.#count + this.#count * (this.#bits - 1);
    this.rows = this.#count * (this.#bits + 2) + 2;
  }

  emit(sink: RowSink): void {
    const accumulator = this.#accumulator();
    const index = this.firstWire;
    const greatest = this.firstWire + 1;
    const selectors = Array.from({ length: this.#count }, (_, j) => this.#selector(j));
    emitBooleans(sink, this.#selector(0), this.#count);
    const sum = combination([[0, -1], ...selectors.map((wire): Term => [wire, 1])]);
    sink.row(ZERO_COMBINATION, ZERO_COMBINATION, sum);
    selectors.forEach((selector, j) => {
      const behind: Term[] = [
        [greatest, 1],
        ...scaled(elementTerms(this.#source, j, accumulator), -1),
      ];
      sink.row(single(selector), combination(behind), ZERO_COMBINATION);
      const strict = selectors.slice(j + 1).map((later): Term => [later, -1]);
      const digits = { firstWire: this.#digits(j), count: this.#bits - 1 };
      emitWithImplicitLowBit(sink, [...behind, ...strict], digits, 0n);
    });
    const position = selectors.map((wire, j): Term => [wire, j]);
    sink.row(ZERO_COMBINATION, ZERO_COMBINATION, combination([[index, -1], ...position]));
  }

  assign({ tensors }: CircuitTrace, witness: Witness): void {
    const values = tensors.get(this.#source.name)!;
    const best = Number(tensors.get(this.name)![0]);
    const greatest = BigInt(values[best]!);
    witness.set(this.firstWire, best);
    witness.set(this.firstWire + 1, greatest);
    for (let j = 0; j < this.#count; j++) {
      witness.set(this.#selector(j), j === best ? 1 : 0);
      const lead = greatest - BigInt(values[j]!) - (j < best ? 1n : 0n);
      assignBits(witness, this.#digits(j), this.#bits - 1, lead >> 1n);
    }
  }

  #selector(j: number): number {
    return this.firstWire + 2 + j;
  }

  #digits(j: number): number {
    return this.firstWire + 2 + this.#count + j * (this.#bits - 1);
  }
}
