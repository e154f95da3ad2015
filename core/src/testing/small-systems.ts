/** Constraint systems and witnesses made by hand for tests. */
import {
  type Coefficient,
  type ConstraintSystem,
  type LinearCombination,
  ZERO_COMBINATION,
} from '../constraint-system.ts';
import { Witness } from '../witness.ts';

/** A system with a witness that satisfies it. */
export interface SystemWithWitness {
  readonly system: ConstraintSystem;
  readonly witness: Witness;
}

/** Combinations a, b, c that state ⟨a,w⟩ · ⟨b,w⟩ = ⟨c,w⟩. */
export type Row = readonly [LinearCombination, LinearCombination, LinearCombination];

/**
 * Everything that is special in our circuits, in a few rows. Wires: 1, y (output), x (public
 * input), binder (public input), the bits of x, their complements' sum, binder², and one wire that
 * no row names. Rows: each bit is 0 or 1; 0 · 0 = x − Σ 2^i · bit_i; a dense C-only row with
 * coefficients of both signs and one beyond 2^53; binder · binder = binder²; y = (x + 1)·x by a row
 * whose two combinations share a wire.
 * @param bits width of x, 1 or more
 */
export function denseRowSystem(bits: number, x: number, binder: bigint): SystemWithWitness {
  const [output, input, bound, firstBit] = [1, 2, 3, 4];
  const [sum, square, unused] = [firstBit + bits, firstBit + bits + 1, firstBit + bits + 2];
  const large = 2n ** 200n + 12345n;
  const bitWires = Array.from({ length: bits }, (_, i) => firstBit + i);
  const rows: Row[] = bitWires.map((wire) => [
    terms([wire, 1]),
    terms([0, 1], [wire, -1]),
    ZERO_COMBINATION,
  ]);
  const decomposition = bitWires.map((wire, i): [number, Coefficient] => [wire, -(2 ** i)]);
  const dense = bitWires.map((wire, i): [number, Coefficient] => [
    wire,
    i === 0 ? large : (-1) ** i * (i + 1),
  ]);
  rows.push(
    [ZERO_COMBINATION, ZERO_COMBINATION, terms([input, 1], ...decomposition)],
    [ZERO_COMBINATION, ZERO_COMBINATION, terms([0, 7], ...dense, [sum, -1])],
    [terms([bound, 1]), terms([bound, 1]), terms([square, 1])],
    [terms([0, 1], [input, 1]), terms([input, 1]), terms([output, 1])],
  );
  const witness = new Witness(unused + 1);
  witness.set(0, 1);
  witness.set(output, BigInt(x) * BigInt(x + 1));
  witness.set(input, x);
  witness.set(bound, binder);
  bitWires.forEach((wire, i) => {
    witness.set(wire, Math.floor(x / 2 ** i) % 2);
  });
  const denseSum = dense.reduce((total, [wire, c]) => total + BigInt(c) * witness.get(wire), 7n);
  witness.set(sum, denseSum);
  witness.set(square, binder * binder);
  return { system: systemOf(unused + 1, 1, 2, rows), witness };
}

/**
 * A chain of squares: w_{i+1} = w_i², the last one public. One row each, for tests of size.
 * @param rows at least 1
 */
export function squareChainSystem(rows: number, start: bigint): SystemWithWitness {
  const wires = rows + 2;
  const wireAt = (step: number) => (step === rows ? 1 : step + 2);
  const system: ConstraintSystem = {
    wires,
    publicOutputs: 1,
    publicInputs: 0,
    rows,
    emit(sink) {
      for (let step = 0; step < rows; step++) {
        const factor = terms([wireAt(step), 1]);
        sink.row(factor, factor, terms([wireAt(step + 1), 1]));
      }
    },
  };
  const witness = new Witness(wires);
  witness.set(0, 1);
  let value = start;
  for (let step = 0; step <= rows; step++) {
    witness.set(wireAt(step), value);
    value = witness.get(wireAt(step)) ** 2n;
  }
  return { system, witness };
}

/** A combination from [wire, coefficient] pairs, wires ascending. */
export function terms(...pairs: readonly (readonly [number, Coefficient])[]): LinearCombination {
  return { wires: pairs.map(([wire]) => wire), coefficients: pairs.map(([, c]) => c) };
}

/** A system that emits these rows. */
export function systemOf(
  wires: number,
  publicOutputs: number,
  publicInputs: number,
  rows: readonly Row[],
): ConstraintSystem {
  return {
    wires,
    publicOutputs,
    publicInputs,
    rows: rows.length,
    emit(sink) {
      for (const [a, b, c] of rows) sink.row(a, b, c);
    },
  };
}
