/**
 * What all linear operators share: output[e] = Σ weight · input[i][j] + bias(e). Range analysis,
 * the slow interpreter and the circuit read operators through this view alone, so that they cannot
 * disagree; fast kernels are tested against it.
 */

/** Takes one term: which input tensor, which of its elements, times what. */
export type TermVisitor = (input: number, element: number, weight: number) => void;

export interface LinearMap {
  readonly outputShape: readonly number[];
  /** Visits the terms of one output element; an input element may be visited more than once. */
  terms(element: number, visit: TermVisitor): void;
  /** The constant of one output element, a safe integer. */
  bias(element: number): number;
}

/** The bias of operators that have none. */
export const noBias = (): number => 0;
