import {
  type ChunkWriter,
  type Coefficient,
  type ConstraintStatistics,
  type ConstraintSystem,
  type LinearCombination,
  publicSignalCount,
  type RowSink,
  reduce,
  SCALAR_FIELD_ORDER,
} from '@zkinfer/core';
import { COEFFICIENT_BYTES } from '../formats/zkey-file.ts';

/**
 * R² mod r, R = 2^256: snarkjs stores coefficients in Montgomery form twice over, so that v·R²
 * times a plain witness value comes out in Montgomery form.
 */
const MONTGOMERY_SQUARE = 2n ** 512n % SCALAR_FIELD_ORDER;

const MATRIX = { a: 0, b: 1 } as const;

/**
 * Bytes of section 4 for a system. C is not stored: provers compute it as the product of A and B.
 */
export function coefficientSectionBytes(
  statistics: ConstraintStatistics,
  system: ConstraintSystem,
): number {
  return 4 + COEFFICIENT_BYTES * coefficientCount(statistics, system);
}

/**
 * Streams section 4 of a key: for each row the terms of A, then of B, in the order of `snarkjs zkey
 * new`; then one row for the constant and each public signal.
 */
export function writeCoefficientSection(
  system: ConstraintSystem,
  statistics: ConstraintStatistics,
  writer: ChunkWriter,
): void {
  writer.u32(coefficientCount(statistics, system));
  const rows = new CoefficientWriter(writer);
  system.emit(rows);
  rows.publicRows(publicSignalCount(system) + 1);
}

function coefficientCount(statistics: ConstraintStatistics, system: ConstraintSystem): number {
  return statistics.aTerms + statistics.bTerms + publicSignalCount(system) + 1;
}

class CoefficientWriter implements RowSink {
  readonly #writer: ChunkWriter;
  readonly #known = new Map<Coefficient, bigint>();
  #row = 0;

  constructor(writer: ChunkWriter) {
    this.#writer = writer;
  }

  row(a: LinearCombination, b: LinearCombination): void {
    this.#combination(MATRIX.a, a);
    this.#combination(MATRIX.b, b);
    this.#row++;
  }

  publicRows(count: number): void {
    for (let signal = 0; signal < count; signal++) {
      this.#term(MATRIX.a, signal, 1);
      this.#row++;
    }
  }

  #combination(matrix: number, { wires, coefficients }: LinearCombination): void {
    for (let i = 0; i < wires.length; i++) this.#term(matrix, wires[i]!, coefficients[i]!);
  }

  #term(matrix: number, wire: number, coefficient: Coefficient): void {
    this.#writer.u32(matrix);
    this.#writer.u32(this.#row);
    this.#writer.u32(wire);
    this.#writer.fieldElement(this.#encoded(coefficient));
  }

  /** Few coefficients occur in A and B, each many times. */
  #encoded(coefficient: Coefficient): bigint {
    const known = this.#known.get(coefficient);
    if (known !== undefined) return known;
    const encoded = (reduce(BigInt(coefficient)) * MONTGOMERY_SQUARE) % SCALAR_FIELD_ORDER;
    this.#known.set(coefficient, encoded);
    return encoded;
  }
}
