import { type RowSink, type Witness, ZERO_COMBINATION } from '@zkinfer/core';
import type { LinearAccumulator } from '../compile/linear-accumulator.ts';
import type { TensorExpression } from '../compile/tensor-expression.ts';
import { elementCount } from '../graph/shape.ts';
import type { Block, CircuitTrace } from './block.ts';

/**
 * Gives each element of a tensor a wire of its own: one row 0 = element − wire, dense in C only.
 * For operators that multiply their inputs, and to keep compositions of long linear layers from
 * blowing up.
 */
export class NamedTensorBlock implements Block {
  readonly kind = 'name';
  readonly name: string;
  readonly wires: number;
  readonly rows: number;
  readonly firstWire: number;
  readonly #source: TensorExpression;
  readonly #accumulator: () => LinearAccumulator;

  constructor(source: TensorExpression, firstWire: number, accumulator: () => LinearAccumulator) {
    this.name = source.name;
    this.firstWire = firstWire;
    this.wires = elementCount(source.shape);
    this.rows = this.wires;
    this.#source = source;
    this.#accumulator = accumulator;
  }

  emit(sink: RowSink): void {
    const accumulator = this.#accumulator();
    for (let element = 0; element < this.wires; element++) {
      this.#source.addTo(accumulator, element, 1);
      accumulator.add(this.firstWire + element, -1);
      sink.row(ZERO_COMBINATION, ZERO_COMBINATION, accumulator.take());
    }
  }

  assign({ tensors }: CircuitTrace, witness: Witness): void {
    const values = tensors.get(this.name)!;
    for (let element = 0; element < this.wires; element++) {
      witness.set(this.firstWire + element, values[element]!);
    }
  }
}
