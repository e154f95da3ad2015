/**
 * The quadratic arithmetic program of a system at one point: Groth 2016, section 3.2, over Lagrange
 * polynomials.
 */
import {
  type ConstraintSystem,
  type LinearCombination,
  publicSignalCount,
  type RowSink,
  reduce,
} from '@zkinfer/core';

/** The polynomials of each wire at τ, residues by wire. */
export interface QuadraticProgram {
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  readonly c: readonly bigint[];
}

/**
 * a_w(τ) = Σ_rows a[row][w] · L_row(τ), likewise b and c, from one emission. As snarkjs does, each
 * public signal and the constant get one more row, a = the signal alone, that ties them to the
 * proof.
 * @param lagrange L_i(τ) over a domain of more than rows + public signals points
 */
export function evaluateQuadraticProgram(
  system: ConstraintSystem,
  lagrange: readonly bigint[],
): QuadraticProgram {
  const sums = new RowSums(system.wires, lagrange);
  system.emit(sums);
  for (let signal = 0; signal <= publicSignalCount(system); signal++) {
    sums.row({ wires: [signal], coefficients: [1] }, NO_TERMS, NO_TERMS);
  }
  return sums.result();
}

const NO_TERMS: LinearCombination = { wires: [], coefficients: [] };

/** Sums are reduced once, at the end: most coefficients are small, so they stay short for long. */
class RowSums implements RowSink {
  readonly #lagrange: readonly bigint[];
  readonly #a: bigint[];
  readonly #b: bigint[];
  readonly #c: bigint[];
  #rows = 0;

  constructor(wires: number, lagrange: readonly bigint[]) {
    this.#lagrange = lagrange;
    this.#a = new Array<bigint>(wires).fill(0n);
    this.#b = new Array<bigint>(wires).fill(0n);
    this.#c = new Array<bigint>(wires).fill(0n);
  }

  row(a: LinearCombination, b: LinearCombination, c: LinearCombination): void {
    const weight = this.#lagrange[this.#rows++]!;
    accumulate(this.#a, a, weight);
    accumulate(this.#b, b, weight);
    accumulate(this.#c, c, weight);
  }

  result(): QuadraticProgram {
    const residues = (sums: bigint[]) => sums.map((sum) => reduce(sum));
    return { a: residues(this.#a), b: residues(this.#b), c: residues(this.#c) };
  }
}

function accumulate(sums: bigint[], combination: LinearCombination, weight: bigint): void {
  const { wires, coefficients } = combination;
  for (let i = 0; i < wires.length; i++) {
    const coefficient = coefficients[i]!;
    const wire = wires[i]!;
    if (coefficient === 1) sums[wire]! += weight;
    else sums[wire]! += BigInt(coefficient) * weight;
  }
}
