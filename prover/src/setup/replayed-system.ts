import type { Coefficient, ConstraintSystem, LinearCombination } from '@zkinfer/core';
import type { ConstraintTerms, MatrixTerms } from './constraint-terms.ts';

/**
 * A system that emits collected terms: much quicker than a circuit that computes its rows anew each
 * time.
 */
export function replaySystem(system: ConstraintSystem, terms: ConstraintTerms): ConstraintSystem {
  const { wires, publicOutputs, publicInputs, rows } = system;
  return {
    wires,
    publicOutputs,
    publicInputs,
    rows,
    emit(sink) {
      const [a, b, c] = [terms.a, terms.b, terms.c].map((matrix) =>
        rowReader(matrix, terms.coefficients),
      ) as [RowReader, RowReader, RowReader];
      for (let row = 0; row < rows; row++) sink.row(a(row), b(row), c(row));
    },
  };
}

type RowReader = (row: number) => LinearCombination;

/** Gives a matrix's rows in order. */
function rowReader(matrix: MatrixTerms, coefficients: readonly Coefficient[]): RowReader {
  let at = 0;
  return (row) => {
    const from = at;
    const ofRow: Coefficient[] = [];
    while (at < matrix.count && matrix.rows[at] === row) {
      ofRow.push(coefficients[matrix.coefficients[at++]!]!);
    }
    return { wires: matrix.wires.subarray(from, at), coefficients: ofRow };
  };
}
