import type { Coefficient, LinearCombination } from '@zkinfer/core';
import { compact } from '../gadgets/combination.ts';

/**
 * Adds up the terms of one long linear combination, merging those on the same wire. One accumulator
 * serves a whole emission: `take` hands out the sum and starts the next. Sums are doubles while
 * they are safe integers; the few that are not (weights times multipliers of several composed
 * operators) go on as bigints, so that no rounding ever happens.
 */
export class LinearAccumulator {
  readonly #sums: Float64Array;
  /** What a wire's sum holds beyond the double, for the wires that need it. */
  readonly #wide = new Map<number, bigint>();
  readonly #isTouched: Uint8Array;
  #touched: Int32Array = new Int32Array(256);
  #count = 0;

  /** @param wires the number of wires that can occur, wire 0 (the constant one) included. */
  constructor(wires: number) {
    this.#sums = new Float64Array(wires);
    this.#isTouched = new Uint8Array(wires);
  }

  /** Adds coefficient · w[wire]; a constant is a term on wire 0. */
  add(wire: number, coefficient: Coefficient): void {
    const sum = typeof coefficient === 'number' ? this.#sums[wire]! + coefficient : Number.NaN;
    if (Number.isSafeInteger(sum)) this.#sums[wire] = sum;
    else this.#wide.set(wire, (this.#wide.get(wire) ?? 0n) + BigInt(coefficient));
    if (this.#isTouched[wire] === 1) return;
    this.#isTouched[wire] = 1;
    if (this.#count === this.#touched.length) this.#grow();
    this.#touched[this.#count++] = wire;
  }

  /**
   * The sum so far, wires ascending, zero coefficients left out; the accumulator is empty again.
   */
  take(): LinearCombination & { wires: number[]; coefficients: Coefficient[] } {
    const touched = this.#touched.subarray(0, this.#count).sort();
    const wires: number[] = [];
    const coefficients: Coefficient[] = [];
    for (const wire of touched) {
      const coefficient = this.#sumOf(wire);
      if (coefficient !== 0) {
        wires.push(wire);
        coefficients.push(coefficient);
      }
      this.#sums[wire] = 0;
      this.#isTouched[wire] = 0;
    }
    this.#count = 0;
    this.#wide.clear();
    return { wires, coefficients };
  }

  #sumOf(wire: number): Coefficient {
    const sum = this.#sums[wire]!;
    const wide = this.#wide.get(wire);
    return wide === undefined ? sum : compact(wide + BigInt(sum));
  }

  #grow(): void {
    const larger = new Int32Array(this.#touched.length * 2);
    larger.set(this.#touched);
    this.#touched = larger;
  }
}
