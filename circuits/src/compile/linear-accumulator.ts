import { InternalError, type LinearCombination } from '@zkinfer/core';

/**
 * Adds up the terms of one long linear combination of small coefficients, merging those on the same wire. One
 * accumulator serves a whole emission: `take` hands out the sum and starts the next.
 */
export class LinearAccumulator {
  readonly #sums: Float64Array;
  readonly #isTouched: Uint8Array;
  #touched: Int32Array = new Int32Array(256);
  #count = 0;

  /** @param wires the number of wires that can occur, wire 0 (the constant one) included. */
  constructor(wires: number) {
    this.#sums = new Float64Array(wires);
    this.#isTouched = new Uint8Array(wires);
  }

  /**
   * Adds coefficient · w[wire]; a constant is a term on wire 0.
   * @throws InternalError CIRCUITS_COEFFICIENT_INEXACT if a sum leaves the safe integers.
   */
  add(wire: number, coefficient: number): void {
    const sum = this.#sums[wire]! + coefficient;
    if (!Number.isSafeInteger(sum) || !Number.isSafeInteger(coefficient)) {
      throw new InternalError({
        code: 'CIRCUITS_COEFFICIENT_INEXACT',
        what: 'a coefficient of a linear combination left the safe integers',
        hint: 'Use fewer weight bits, or requantise between linear layers.',
      });
    }
    this.#sums[wire] = sum;
    if (this.#isTouched[wire] === 1) return;
    this.#isTouched[wire] = 1;
    if (this.#count === this.#touched.length) this.#grow();
    this.#touched[this.#count++] = wire;
  }

  /** The sum so far, wires ascending, zero coefficients left out; the accumulator is empty again. */
  take(): LinearCombination & { wires: number[]; coefficients: (number | bigint)[] } {
    const touched = this.#touched.subarray(0, this.#count).sort();
    const wires: number[] = [];
    const coefficients: (number | bigint)[] = [];
    for (const wire of touched) {
      const coefficient = this.#sums[wire]!;
      if (coefficient !== 0) {
        wires.push(wire);
        coefficients.push(coefficient);
      }
      this.#sums[wire] = 0;
      this.#isTouched[wire] = 0;
    }
    this.#count = 0;
    return { wires, coefficients };
  }

  #grow(): void {
    const larger = new Int32Array(this.#touched.length * 2);
    larger.set(this.#touched);
    this.#touched = larger;
  }
}
