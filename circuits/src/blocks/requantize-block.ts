import type { RowSink, Witness } from '@zkinfer/core';
import type { LinearAccumulator } from '../compile/linear-accumulator.ts';
import type { TensorExpression } from '../compile/tensor-expression.ts';
import {
  assignRequantize,
  emitRequantize,
  planRequantize,
  type RequantizePlan,
} from '../gadgets/requantize-element.ts';
import type { RequantizeOperator } from '../graph/network.ts';
import { multiplierOf } from '../graph/nonlinear.ts';
import { elementCount } from '../graph/shape.ts';
import type { Block, CircuitTrace } from './block.ts';

/**
 * Requantisation of a whole tensor: rescale, round, clamp (with lo = 0 also ReLU). Each element is
 * one use of `requantize-element.ts`, whose widths follow the element's own static range.
 *
 * Wires: all outputs first, then each element's own.
 */
export class RequantizeBlock implements Block {
  readonly kind = 'requantize';
  readonly name: string;
  readonly firstWire: number;
  readonly wires: number;
  readonly rows: number;
  /** Bits of the widest decomposition. */
  readonly maxBits: number;
  readonly #source: TensorExpression;
  readonly #operator: RequantizeOperator;
  readonly #plans: readonly RequantizePlan[];
  readonly #accumulator: () => LinearAccumulator;

  constructor(
    name: string,
    operator: RequantizeOperator,
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
    this.#plans = Array.from({ length: elementCount(source.shape) }, (_, element) =>
      planRequantize(operator, multiplierOf(operator, element), {
        lo: lo[element]!,
        hi: hi[element]!,
      }),
    );
    this.wires = this.#plans.reduce((sum, plan) => sum + plan.wires, this.#plans.length);
    this.rows = this.#plans.reduce((sum, plan) => sum + plan.rows, 0);
    this.maxBits = this.#plans.reduce((most, plan) => Math.max(most, plan.bits), 0);
  }

  emit(sink: RowSink): void {
    const accumulator = this.#accumulator();
    this.#forEachElement((plan, element, wires) => {
      emitRequantize(sink, this.#operator, plan, wires, () => {
        this.#source.addTo(accumulator, element, multiplierOf(this.#operator, element));
        return accumulator.take();
      });
    });
  }

  assign({ tensors }: CircuitTrace, witness: Witness): void {
    const accumulators = tensors.get(this.#source.name)!;
    const outputs = tensors.get(this.name)!;
    this.#forEachElement((plan, element, wires) => {
      assignRequantize(witness, this.#operator, plan, wires, {
        accumulator: accumulators[element]!,
        multiplier: multiplierOf(this.#operator, element),
        output: Number(outputs[element]),
      });
    });
  }

  #forEachElement(
    visit: (
      plan: RequantizePlan,
      element: number,
      wires: { first: number; output: number },
    ) => void,
  ): void {
    let first = this.firstWire + this.#plans.length;
    this.#plans.forEach((plan, element) => {
      visit(plan, element, { first, output: this.firstWire + element });
      first += plan.wires;
    });
  }
}
