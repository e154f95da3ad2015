import { type RowSink, type Witness, ZERO_COMBINATION } from '@zkinfer/core';
import { elementTerms } from '../compile/element-terms.ts';
import type { LinearAccumulator } from '../compile/linear-accumulator.ts';
import type { TensorExpression } from '../compile/tensor-expression.ts';
import { combination, scaled, single, type Term } from '../gadgets/combination.ts';
import {
  assignComparison,
  type Comparison,
  emitComparison,
  planComparison,
  signWire,
} from '../gadgets/comparison.ts';
import { forEachPooled } from '../graph/max-pool.ts';
import type { MaxPool2dOperator } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import type { Block, CircuitTrace } from './block.ts';

/** One step of a running maximum: the candidate is compared with the greatest so far. */
interface Step {
  /** Index of the candidate in the input. */
  readonly candidate: number;
  /**
   * First wire of the step: the comparison's, then the new maximum's (the last step's is the
   * output).
   */
  readonly firstWire: number;
  readonly comparison: Comparison;
}

interface Plan {
  /** Index of the element that the running maximum starts from. */
  readonly start: number;
  readonly steps: readonly Step[];
}

/**
 * Maximum over each window. A running maximum m meets each further element x: with s = [m − x < 0]
 * (see `comparison.ts`), m' = m + s · (x − m). Elements that static ranges rule out are skipped.
 * Each m' is determined by m and x, so the output is; which of equal elements is taken does not
 * show.
 *
 * Rows: for each step b + 2, b the bits of m − x without the sign; 2×2 windows of bytes: 30. A
 * window with one element left: 1 row, which names it.
 *
 * Wires: all outputs first, then those of the steps.
 */
export class MaxPoolBlock implements Block {
  readonly kind = 'maxPool2d';
  readonly name: string;
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
  readonly #source: TensorExpression;
  readonly #plans: readonly Plan[];
  readonly #accumulator: () => LinearAccumulator;

  constructor(
    name: string,
    operator: MaxPool2dOperator,
    outputShape: readonly number[],
    source: TensorExpression,
    firstWire: number,
    accumulator: () => LinearAccumulator,
  ) {
    this.name = name;
    this.firstWire = firstWire;
    this.#source = source;
    this.#accumulator = accumulator;
    let next = firstWire + elementCount(outputShape);
    let rows = 0;
    this.#plans = Array.from({ length: elementCount(outputShape) }, (_, element) => {
      const candidates: number[] = [];
      const image = source.shape as [number, number, number];
      forEachPooled(operator, image, outputShape, element, (index) => candidates.push(index));
      const plan = planMaximum(source, candidates, next);
      for (const { comparison } of plan.steps) rows += comparison.rows + 1;
      if (plan.steps.length === 0) rows += 1;
      next += wiresOf(plan);
      return plan;
    });
    this.wires = next - firstWire;
    this.rows = rows;
  }

  emit(sink: RowSink): void {
    const accumulator = this.#accumulator();
    this.#plans.forEach((plan, element) => {
      const output = this.firstWire + element;
      let maximum: readonly Term[] = elementTerms(this.#source, plan.start, accumulator);
      if (plan.steps.length === 0) {
        const named = combination([...maximum, [output, -1]]);
        sink.row(ZERO_COMBINATION, ZERO_COMBINATION, named);
      }
      plan.steps.forEach((step, i) => {
        const candidate = elementTerms(this.#source, step.candidate, accumulator);
        const target = maximumWire(plan, i, output);
        emitStep(sink, step, maximum, candidate, target);
        maximum = [[target, 1]];
      });
    });
  }

  assign({ tensors }: CircuitTrace, witness: Witness): void {
    const values = tensors.get(this.#source.name)!;
    this.#plans.forEach((plan, element) => {
      const output = this.firstWire + element;
      let maximum = BigInt(values[plan.start]!);
      plan.steps.forEach((step, i) => {
        const candidate = BigInt(values[step.candidate]!);
        assignComparison(witness, step.comparison, step.firstWire, maximum - candidate);
        if (candidate > maximum) maximum = candidate;
        witness.set(maximumWire(plan, i, output), maximum);
      });
      witness.set(output, maximum);
    });
  }
}

function planMaximum(source: TensorExpression, candidates: number[], firstWire: number): Plan {
  const { lo, hi } = source.ranges;
  const rangeOf = (index: number) => ({ lo: BigInt(lo[index]!), hi: BigInt(hi[index]!) });
  let start = candidates[0]!;
  let range = rangeOf(start);
  let next = firstWire;
  const steps: Step[] = [];
  for (const candidate of candidates.slice(1)) {
    const other = rangeOf(candidate);
    if (other.hi <= range.lo) continue;
    if (steps.length === 0 && other.lo >= range.hi) {
      start = candidate;
      range = other;
      continue;
    }
    const comparison = planComparison(range.lo - other.hi, bigMax(range.hi - other.lo, 0n));
    steps.push({ candidate, firstWire: next, comparison });
    next += comparison.wires + 1;
    range = { lo: bigMax(range.lo, other.lo), hi: bigMax(range.hi, other.hi) };
  }
  return { start, steps };
}

/** The last step's maximum is the output wire, which the block owns already. */
function wiresOf({ steps }: Plan): number {
  const all = steps.reduce((sum, { comparison }) => sum + comparison.wires + 1, 0);
  return steps.length === 0 ? 0 : all - 1;
}

function maximumWire({ steps }: Plan, i: number, output: number): number {
  const { firstWire, comparison } = steps[i]!;
  return i === steps.length - 1 ? output : firstWire + comparison.wires;
}

function emitStep(
  sink: RowSink,
  { comparison, firstWire }: Step,
  maximum: readonly Term[],
  candidate: readonly Term[],
  target: number,
): void {
  emitComparison(sink, comparison, firstWire, [...maximum, ...scaled(candidate, -1)]);
  const gain = combination([...candidate, ...scaled(maximum, -1)]);
  const change = combination([[target, 1], ...scaled(maximum, -1)]);
  sink.row(single(signWire(comparison, firstWire)), gain, change);
}

function bigMax(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
