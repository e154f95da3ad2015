/**
 * Poseidon's permutation rearranged so that few multiplications and few constants are left, for
 * code that writes out every round. Element 0 of the start being 0, what its first S-box gives is a
 * constant, which joins those of the second round; and:
 *
 * 1. Constants (eprint 2019/458, appendix B). In a partial round only element 0 meets the S-box, so
 *    what is added to the others may be added after the round's matrix: all partial rounds but
 *    their element 0 push their constants on, in the end into the first full round that follows.
 *
 * 2. Partial rounds in companion form (ours; appendix B factors the matrix into sparse ones instead,
 *    other constants in each round). Write the matrix as [[m, w], [v, A]] and the state as (u, s):
 *    with y = u^5 a partial round is u' = m·y + w·s, s' = y·v + A·s, a linear system that y drives.
 *    In the coordinates s = T·z in which it is a shift register,
 *      u' = m·y + Σ output_i·z_i,   z_1' = y + Σ feedback_i·z_i,   z_(i+1)' = z_i,
 *    with the same 2t − 1 constants in every round. By Cayley and Hamilton that holds for
 *      T_1 = v, T_(i+1) = A·T_i + p_(n−i)·v,   feedback_i = −p_(n−i),   output = w·T,
 *    p the coefficients of A's characteristic polynomial x^n + p_(n−1)·x^(n−1) + … + p_0, n = t − 1.
 */
import { invert, type PoseidonParameters, reduce } from '@zkinfer/core';
import { apply, innerProduct, invertMatrix, type Matrix, multiply, transpose } from './matrix.ts';

/** One permutation's constants; vectors have t elements if nothing else is said. */
export interface PoseidonSchedule {
  /** t. */
  readonly width: number;
  /** Added before the first S-boxes to elements 1 to t − 1; element 0 counts as 0 after them. */
  readonly inputConstants: readonly bigint[];
  /** Added before the S-boxes of the other full rounds of the first half. */
  readonly firstConstants: readonly (readonly bigint[])[];
  /** After the S-boxes of every full round but the last of the first half. */
  readonly mds: Matrix;
  /** Instead of `mds` there: the new state is (u, z). */
  readonly enter: Matrix;
  /** By partial round, added to u before its S-box. */
  readonly partialConstants: readonly bigint[];
  /** m, output_1, …, output_n. */
  readonly output: readonly bigint[];
  /** feedback_1, …, feedback_n. */
  readonly feedback: readonly bigint[];
  /** T, n × n: after the partial rounds s = T·z. */
  readonly leave: Matrix;
  /** Added before the S-boxes of the last full rounds. */
  readonly lastConstants: readonly (readonly bigint[])[];
}

/** The schedule of the permutation with these parameters, 3 ≤ t. */
export function poseidonSchedule(parameters: PoseidonParameters): PoseidonSchedule {
  const { width, fullRounds, partialRounds, roundConstants, mds } = parameters;
  const half = fullRounds / 2;
  const constants = Array.from({ length: fullRounds + partialRounds }, (_, round) =>
    roundConstants.slice(round * width, (round + 1) * width),
  );
  const { partialConstants, carry } = pushConstants(constants.slice(half, -half), mds);
  const [[c0, ...inputConstants], second, ...others] = constants.slice(0, half) as [
    [bigint, ...bigint[]],
    ...bigint[][],
  ];
  const last = constants.slice(-half);
  const register = shiftRegister(mds);
  return {
    width,
    inputConstants,
    firstConstants: [second!.map((c, i) => reduce(c + mds[i]![0]! * c0 ** 5n)), ...others],
    mds,
    enter: [mds[0]!, ...multiply(invertMatrix(register.basis), mds.slice(1))],
    partialConstants,
    output: register.output,
    feedback: register.feedback,
    leave: register.basis,
    lastConstants: [last[0]!.map((c, i) => reduce(c + carry[i]!)), ...last.slice(1)],
  };
}

/** Rearrangement 1: what is left at element 0 of each round, and what comes out at the end. */
function pushConstants(rounds: readonly (readonly bigint[])[], mds: Matrix) {
  let carry = mds.map(() => 0n);
  const partialConstants = rounds.map((constants) => {
    const [first, ...rest] = constants.map((c, i) => reduce(c + carry[i]!));
    carry = apply(mds, [0n, ...rest]);
    return first!;
  });
  return { partialConstants, carry };
}

/** Rearrangement 2. */
function shiftRegister(mds: Matrix) {
  const a = mds.slice(1).map((row) => row.slice(1));
  const v = mds.slice(1).map((row) => row[0]!);
  const [m, ...w] = mds[0]!;
  const feedback = characteristicPolynomial(a).map((p) => reduce(-p));
  const columns = [v];
  while (columns.length < a.length) {
    const i = columns.length;
    columns.push(apply(a, columns[i - 1]!).map((x, k) => reduce(x - feedback[i - 1]! * v[k]!)));
  }
  return {
    basis: transpose(columns),
    output: [m!, ...columns.map((column) => innerProduct(w, column))],
    feedback,
  };
}

/**
 * p_(n−1), …, p_0. Source: Faddeev and LeVerrier's recurrence, N_1 = I,
 * p_(n−k) = −trace(A·N_k) / k, N_(k+1) = A·N_k + p_(n−k)·I.
 */
function characteristicPolynomial(a: Matrix): bigint[] {
  const coefficients: bigint[] = [];
  let product: Matrix = a;
  for (let k = 1; k <= a.length; k++) {
    const trace = product.reduce((sum, row, i) => sum + row[i]!, 0n);
    const p = reduce(-trace * invert(BigInt(k)));
    coefficients.push(p);
    const next = product.map((row, i) => row.map((x, j) => (i === j ? reduce(x + p) : x)));
    product = multiply(a, next);
  }
  return coefficients;
}
