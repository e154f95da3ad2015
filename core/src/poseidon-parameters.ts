/**
 * Poseidon's constants over BN254's scalar field, in circomlib's instantiation: x^5, 8 full rounds,
 * t − 1 inputs. Source: eprint 2019/458, appendix E (round constants by rejection from the Grain
 * LFSR) and section 2.3 with the authors' reference script (Cauchy matrix 1 / (x_i + y_j), x and y
 * the next 2t integers of the same stream, mod r). Partial rounds: circomlib's
 * table.
 */
import { invertAll, SCALAR_FIELD_ORDER } from './field.ts';
import { grainIntegers } from './grain-lfsr.ts';

/** Everything that defines the permutation of one width. */
export interface PoseidonParameters {
  /** t: elements of the state. */
  readonly width: number;
  readonly fullRounds: number;
  readonly partialRounds: number;
  /** (fullRounds + partialRounds) · t elements: those added before round k start at k·t. */
  readonly roundConstants: readonly bigint[];
  /** t × t; the new state is mds · state, row i giving element i. */
  readonly mds: readonly (readonly bigint[])[];
}

const FIELD_BITS = 254;
const FULL_ROUNDS = 8;
/** By width, from t = 2. Source: circomlib, poseidon.circom. */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];

/** The most elements one call hashes. */
export const MAX_POSEIDON_INPUTS = PARTIAL_ROUNDS.length;

const cache = new Map<number, PoseidonParameters>();

/**
 * The parameters of width t = 2 … 17, computed on first use (t = 17 takes some tens of
 * milliseconds) and kept.
 * @throws RangeError for other widths.
 */
export function poseidonParameters(width: number): PoseidonParameters {
  const known = cache.get(width);
  if (known !== undefined) return known;
  const partialRounds = PARTIAL_ROUNDS[width - 2];
  if (partialRounds === undefined) {
    throw new RangeError(
      `poseidonParameters: expected a width of 2 to ${MAX_POSEIDON_INPUTS + 1}, got ${width}`,
    );
  }
  const parameters = generate(width, partialRounds);
  cache.set(width, parameters);
  return parameters;
}

function generate(width: number, partialRounds: number): PoseidonParameters {
  const integer = grainIntegers({
    fieldBits: FIELD_BITS,
    width,
    fullRounds: FULL_ROUNDS,
    partialRounds,
  });
  const count = (FULL_ROUNDS + partialRounds) * width;
  const roundConstants = Array.from({ length: count }, () => elementByRejection(integer));
  const mds = cauchyMatrix(width, integer);
  return { width, fullRounds: FULL_ROUNDS, partialRounds, roundConstants, mds };
}

function elementByRejection(integer: (bits: number) => bigint): bigint {
  for (;;) {
    const candidate = integer(FIELD_BITS);
    if (candidate < SCALAR_FIELD_ORDER) return candidate;
  }
}

/**
 * The reference script redraws when points coincide, sums vanish or the matrix admits invariant
 * subspaces; for these widths the first draw is good (agreement with circomlib's published
 * constants is tested), and a zero sum would throw here.
 */
function cauchyMatrix(width: number, integer: (bits: number) => bigint): bigint[][] {
  const points = Array.from({ length: 2 * width }, () => integer(FIELD_BITS) % SCALAR_FIELD_ORDER);
  const sums = points
    .slice(0, width)
    .flatMap((x) => points.slice(width).map((y) => (x + y) % SCALAR_FIELD_ORDER));
  const inverses = invertAll(sums);
  return Array.from({ length: width }, (_, i) => inverses.slice(i * width, (i + 1) * width));
}
