import { type PoseidonParameters, poseidonParameters, SCALAR_FIELD_ORDER } from '@zkinfer/core';

/**
 * The Poseidon permutation as a list of S-boxes, each fed by a linear combination of earlier
 * S-boxes' outputs: rounds' constants and matrices are multiplied out once for each width, and
 * every use of the gadget replays the list.
 */
export interface PoseidonTemplate {
  readonly width: number;
  readonly boxes: readonly SymbolicSum[];
  /** Element 0 of the final state. */
  readonly digest: SymbolicSum;
}

/**
 * constant + Σ coefficients[i] · symbol; symbol s < width is element s of the start state, else
 * output of box s − width.
 */
export interface SymbolicSum {
  readonly symbols: readonly number[];
  readonly coefficients: readonly bigint[];
  readonly constant: bigint;
}

/** Rows of the matrix are the state's elements, columns belong to `symbols`. */
interface SymbolicState {
  symbols: number[];
  matrix: bigint[][];
  constants: bigint[];
}

const templates = new Map<number, PoseidonTemplate>();

/** The template of width t = 2 … 17, computed on first use and kept. */
export function poseidonTemplate(width: number): PoseidonTemplate {
  const known = templates.get(width);
  if (known !== undefined) return known;
  const template = buildTemplate(poseidonParameters(width));
  templates.set(width, template);
  return template;
}

function buildTemplate(parameters: PoseidonParameters): PoseidonTemplate {
  const { width, fullRounds, partialRounds, roundConstants, mds } = parameters;
  const half = fullRounds / 2;
  const boxes: SymbolicSum[] = [];
  const substitute = (state: SymbolicState, element: number): number => {
    boxes.push(sumOf(state, element));
    return width + boxes.length - 1;
  };
  let state = identityState(Array.from({ length: width }, (_, i) => i));
  for (let round = 0; round < fullRounds + partialRounds; round++) {
    state.constants = state.constants.map((c, i) => c + roundConstants[round * width + i]!);
    if (round < half || round >= half + partialRounds) {
      state = identityState(state.matrix.map((_, element) => substitute(state, element)));
    } else {
      replaceFirst(state, substitute(state, 0));
    }
    mix(state, mds);
  }
  return { width, boxes, digest: sumOf(state, 0) };
}

function identityState(symbols: number[]): SymbolicState {
  const matrix = symbols.map((_, i) => symbols.map((__, j) => (i === j ? 1n : 0n)));
  return { symbols, matrix, constants: symbols.map(() => 0n) };
}

/** Element 0 becomes the output of a box of its own. */
function replaceFirst(state: SymbolicState, symbol: number): void {
  state.symbols.push(symbol);
  state.matrix.forEach((row, i) => {
    if (i === 0) row.fill(0n);
    row.push(i === 0 ? 1n : 0n);
  });
  state.constants[0] = 0n;
}

function mix(state: SymbolicState, mds: PoseidonParameters['mds']): void {
  const { matrix, constants, symbols } = state;
  state.matrix = mds.map((weights) =>
    symbols.map((_, column) => weightedSum(weights, (i) => matrix[i]![column]!)),
  );
  state.constants = mds.map((weights) => weightedSum(weights, (i) => constants[i]!));
}

function weightedSum(weights: readonly bigint[], at: (i: number) => bigint): bigint {
  let sum = 0n;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * at(i);
  return sum % SCALAR_FIELD_ORDER;
}

function sumOf({ symbols, matrix, constants }: SymbolicState, element: number): SymbolicSum {
  const row = matrix[element]!;
  const kept = symbols.map((_, i) => i).filter((i) => row[i] !== 0n);
  return {
    symbols: kept.map((i) => symbols[i]!),
    coefficients: kept.map((i) => row[i]!),
    constant: constants[element]! % SCALAR_FIELD_ORDER,
  };
}
