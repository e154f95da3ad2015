/**
 * Rank-1 constraints as a stream: a system is asked to emit its rows into a sink, and never holds
 * them all. Setup, the `.r1cs` writer, the satisfaction checker, the statistics and the digest are
 * all sinks.
 *
 * A row states ⟨a,w⟩ · ⟨b,w⟩ = ⟨c,w⟩ over BN254's scalar field, w the witness with w[0] = 1.
 */

/**
 * Whole numbers as coefficients: a `number` is a safe integer of either sign, a `bigint` any
 * integer (reduced by the sink).
 */
export type Coefficient = number | bigint;

/**
 * Σ coefficients[i] · w[wires[i]]. Wires are distinct and ascending, coefficients non-zero mod r.
 * Sinks may not keep the arrays: emitters reuse them.
 */
export interface LinearCombination {
  readonly wires: ArrayLike<number>;
  readonly coefficients: ArrayLike<Coefficient>;
}

/** Takes rows in order. */
export interface RowSink {
  row(a: LinearCombination, b: LinearCombination, c: LinearCombination): void;
}

/**
 * A circuit as far as proving is concerned. Emission is deterministic: the same rows in the same
 * order each time.
 */
export interface ConstraintSystem {
  /**
   * All wires, the constant-one wire 0 included. Order: 1, public outputs, public inputs, private.
   */
  readonly wires: number;
  readonly publicOutputs: number;
  readonly publicInputs: number;
  readonly rows: number;
  emit(sink: RowSink): void;
}

/**
 * The combination without terms, value 0. Rows 0 · 0 = ⟨c,w⟩ keep dense combinations out of the
 * proving key.
 */
export const ZERO_COMBINATION: LinearCombination = { wires: [], coefficients: [] };

/** Public signals of a system, outputs and inputs, without the constant. */
export function publicSignalCount(system: ConstraintSystem): number {
  return system.publicOutputs + system.publicInputs;
}

/**
 * log2 of the evaluation domain that snarkjs gives a system: the smallest power of two strictly
 * above rows + public signals (reference: snarkjs `zkey new`; public signals and the constant add
 * one row each).
 */
export function domainSizeLog2(system: ConstraintSystem): number {
  return Math.floor(Math.log2(system.rows + publicSignalCount(system))) + 1;
}
