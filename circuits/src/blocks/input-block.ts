import type { RowSink, Witness } from '@zkinfer/core';
import { ZERO_COMBINATION } from '@zkinfer/core';
import { assignBits, bitTerms, emitBooleans } from '../gadgets/bits.ts';
import { combination, scaled } from '../gadgets/combination.ts';
import type { NetworkInput } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import type { Block, CircuitTrace } from './block.ts';

/**
 * A network input: one wire q for each element, range-checked to [lo, lo + 2^b − 1].
 *
 * Rows for each element: 0 = lo + Σ 2^i · bit_i − q, and bit_i · bit_i = bit_i. So b + 1; 9 for a
 * byte. The bits are the binary digits of q − lo, hence unique; without them an input could be any
 * field element, and a commitment to it could be opened to other values.
 *
 * Wires: all q first, then b bits for each element.
 */
export class InputBlock implements Block {
  readonly kind = 'input';
  readonly name: string;
  readonly wires: number;
  readonly rows: number;
  readonly input: NetworkInput;
  readonly firstWire: number;
  readonly #count: number;

  constructor(input: NetworkInput, firstWire: number) {
    this.input = input;
    this.firstWire = firstWire;
    this.name = input.name;
    this.#count = elementCount(input.shape);
    this.wires = this.#count * (1 + input.bits);
    this.rows = this.#count * (1 + input.bits);
  }

  emit(sink: RowSink): void {
    const { bits, lo } = this.input;
    for (let element = 0; element < this.#count; element++) {
      const firstBit = this.#firstBit(element);
      const recomposed = combination([
        [0, lo],
        ...scaled([[this.firstWire + element, 1]], -1),
        ...bitTerms(firstBit, 0, bits),
      ]);
      sink.row(ZERO_COMBINATION, ZERO_COMBINATION, recomposed);
      emitBooleans(sink, firstBit, bits);
    }
  }

  assign({ tensors }: CircuitTrace, witness: Witness): void {
    const values = tensors.get(this.name)!;
    for (let element = 0; element < this.#count; element++) {
      const value = Number(values[element]);
      witness.set(this.firstWire + element, value);
      assignBits(witness, this.#firstBit(element), this.input.bits, value - this.input.lo);
    }
  }

  #firstBit(element: number): number {
    return this.firstWire + this.#count + element * this.input.bits;
  }
}
