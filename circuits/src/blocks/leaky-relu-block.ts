import type { RowSink, Witness } from '@zkinfer/core';
import { elementTerms } from '../compile/element-terms.ts';
import type { LinearAccumulator } from '../compile/linear-accumulator.ts';
import type { TensorExpression } from '../compile/tensor-expression.ts';
import { combination, exactProduct, single } from '../gadgets/combination.ts';
import {
  assignComparison,
  type Comparison,
  emitComparison,
  planComparison,
  signWire,
} from '../gadgets/comparison.ts';
import type { LeakyReluOperator } from '../graph/network.ts';
import type { ElementRanges } from '../graph/ranges.ts';
import { elementCount } from '../graph/shape.ts';
import type { Block, CircuitTrace } from './block.ts';

/**
 * x · 2^k for x ≥ 0, else x · slope. With s = [x < 0] (see `comparison.ts`) and p = s · x the
 * result is the combination 2^k · x + (slope − 2^k) · p, which needs no wire of its own: s and p
 * are determined by x.
 *
 * Rows: b + 2, b the bits of x without the sign; none where the static range has one sign.
 *
 * Wires: for each element with both signs, the comparison's and p.
 */
export class LeakyReluBlock implements Block {
  readonly kind = 'leakyRelu';
  readonly name: string;
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
  readonly #source: TensorExpression;
  readonly #operator: LeakyReluOperator;
  readonly #comparisons: readonly (Comparison | undefined)[];
  readonly #firstWires: readonly number[];
  readonly #accumulator: () => LinearAccumulator;

  /** @param source elements of few terms: they enter A and B. */
  constructor(
    name: string,
    operator: LeakyReluOperator,
    source: TensorExpression,
    firstWire: number,
    accumulator: () => LinearAccumulator,
  ) {
    this.name = name;
    this.firstWire = firstWire;
    this.#source = source;
    this.#operator = operator;
    this.#accumulator = accumulator;
    const { lo, hi } = source.ranges;
    const firstWires: number[] = [];
    let next = firstWire;
    let rows = 0;
    this.#comparisons = Array.from({ length: elementCount(source.shape) }, (_, element) => {
      firstWires.push(next);
      if (lo[element]! >= 0 || hi[element]! <= 0) return undefined;
      const comparison = planComparison(BigInt(lo[element]!), BigInt(hi[element]!));
      next += comparison.wires + 1;
      rows += comparison.rows + 1;
      return comparison;
    });
    this.#firstWires = firstWires;
    this.wires = next - firstWire;
    this.rows = rows;
  }

  /** The output as combinations of the source and this block's products. */
  expression(ranges: ElementRanges): TensorExpression {
    const { slope, shift } = this.#operator;
    return {
      name: this.name,
      shape: this.#source.shape,
      ranges,
      maxTerms: this.#source.maxTerms + 1,
      addTo: (accumulator, element, factor) => {
        const isNegative = this.#source.ranges.lo[element]! < 0;
        const comparison = this.#comparisons[element];
        const weight = comparison === undefined && isNegative ? slope : 2 ** shift;
        this.#source.addTo(accumulator, element, exactProduct(factor, weight));
        if (comparison === undefined) return;
        const product = this.#firstWires[element]! + comparison.wires;
        accumulator.add(product, exactProduct(factor, slope - 2 ** shift));
      },
    };
  }

  emit(sink: RowSink): void {
    const accumulator = this.#accumulator();
    this.#comparisons.forEach((comparison, element) => {
      if (comparison === undefined) return;
      const firstWire = this.#firstWires[element]!;
      const x = elementTerms(this.#source, element, accumulator);
      emitComparison(sink, comparison, firstWire, x);
      const product = single(firstWire + comparison.wires);
      sink.row(single(signWire(comparison, firstWire)), combination(x), product);
    });
  }

  assign({ tensors }: CircuitTrace, witness: Witness): void {
    const values = tensors.get(this.#source.name)!;
    this.#comparisons.forEach((comparison, element) => {
      if (comparison === undefined) return;
      const x = BigInt(values[element]!);
      const firstWire = this.#firstWires[element]!;
      assignComparison(witness, comparison, firstWire, x);
      witness.set(firstWire + comparison.wires, x < 0n ? x : 0n);
    });
  }
}
