/**
 * A system's three matrices, collected from one emission for setups that need them by row and by
 * wire.
 */
import {
  type Coefficient,
  type ConstraintSystem,
  type LinearCombination,
  publicSignalCount,
  type RowSink,
} from '@zkinfer/core';

/** The terms of a matrix, row by row. */
export interface MatrixTerms {
  readonly count: number;
  /** For each term its row, its wire and the number of its coefficient. */
  readonly rows: Uint32Array;
  readonly wires: Uint32Array;
  readonly coefficients: Uint32Array;
}

/**
 * The matrices of a system, with one more row for the constant and each public signal, as snarkjs
 * has them.
 */
export interface ConstraintTerms {
  readonly wires: number;
  readonly publicSignals: number;
  /** Distinct coefficients, by number. */
  readonly coefficients: readonly Coefficient[];
  readonly a: MatrixTerms;
  readonly b: MatrixTerms;
  readonly c: MatrixTerms;
}

/** Emits a system once. */
export function collectTerms(system: ConstraintSystem): ConstraintTerms {
  const collector = new TermCollector();
  system.emit(collector);
  const publicSignals = publicSignalCount(system);
  collector.publicRows(publicSignals + 1);
  return { wires: system.wires, publicSignals, ...collector.result() };
}

class TermCollector implements RowSink {
  readonly #numbers = new Map<Coefficient, number>();
  readonly #a = new GrowingTerms();
  readonly #b = new GrowingTerms();
  readonly #c = new GrowingTerms();
  #rows = 0;

  row(a: LinearCombination, b: LinearCombination, c: LinearCombination): void {
    this.#add(this.#a, a);
    this.#add(this.#b, b);
    this.#add(this.#c, c);
    this.#rows++;
  }

  publicRows(count: number): void {
    for (let wire = 0; wire < count; wire++) {
      this.#a.push(this.#rows++, wire, this.#numberOf(1));
    }
  }

  result() {
    return {
      coefficients: [...this.#numbers.keys()],
      a: this.#a.result(),
      b: this.#b.result(),
      c: this.#c.result(),
    };
  }

  #add(terms: GrowingTerms, { wires, coefficients }: LinearCombination): void {
    for (let i = 0; i < wires.length; i++) {
      terms.push(this.#rows, wires[i]!, this.#numberOf(coefficients[i]!));
    }
  }

  #numberOf(coefficient: Coefficient): number {
    const known = this.#numbers.get(coefficient);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(coefficient, number);
    return number;
  }
}

const FIRST_CAPACITY = 1024;

class GrowingTerms {
  #rows = new Uint32Array(FIRST_CAPACITY);
  #wires = new Uint32Array(FIRST_CAPACITY);
  #coefficients = new Uint32Array(FIRST_CAPACITY);
  #count = 0;

  push(row: number, wire: number, coefficient: number): void {
    if (this.#count === this.#rows.length) this.#grow();
    this.#rows[this.#count] = row;
    this.#wires[this.#count] = wire;
    this.#coefficients[this.#count] = coefficient;
    this.#count++;
  }

  result(): MatrixTerms {
    return {
      count: this.#count,
      rows: this.#rows.subarray(0, this.#count),
      wires: this.#wires.subarray(0, this.#count),
      coefficients: this.#coefficients.subarray(0, this.#count),
    };
  }

  #grow(): void {
    this.#rows = doubled(this.#rows);
    this.#wires = doubled(this.#wires);
    this.#coefficients = doubled(this.#coefficients);
  }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length);
  larger.set(array);
  return larger;
}
