import type { TableOperator } from '../graph/network.ts';

export type TableActivation = 'sigmoid' | 'tanh';

/**
 * The real that one step of a table's output stands for: sigmoid fills unsigned, tanh signed n-bit
 * integers.
 */
export function tableOutputScale(activation: TableActivation, bits: number): number {
  return activation === 'sigmoid' ? 1 / (2 ** bits - 1) : 1 / (2 ** (bits - 1) - 1);
}

/**
 * The real beyond which the activation rounds to its limit at n bits: f(x) lies within half a step
 * of ±1 (or 0, 1) for all |x| at or above it.
 */
export function saturationBound(activation: TableActivation, bits: number): number {
  const halfStep = tableOutputScale(activation, bits) / 2;
  return activation === 'sigmoid' ? Math.log(1 / halfStep - 1) : Math.atanh(1 - halfStep);
}

/** The table round(f(scale · q) / s_out) for q from lo on, 2^inputBits entries. */
export function activationTable(
  activation: TableActivation,
  input: { readonly scale: number; readonly lo: number; readonly bits: number },
  outputBits: number,
): TableOperator {
  const step = tableOutputScale(activation, outputBits);
  const table = Array.from({ length: 2 ** input.bits }, (_, i) =>
    Math.floor(evaluate(activation, input.scale * (input.lo + i)) / step + 0.5),
  );
  return { kind: 'table', lo: input.lo, table };
}

function evaluate(activation: TableActivation, x: number): number {
  return activation === 'sigmoid' ? 1 / (1 + Math.exp(-x)) : Math.tanh(x);
}
