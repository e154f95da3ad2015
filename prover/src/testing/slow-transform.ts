/** Interpolation and evaluation by sums over all pairs: the slow twin of the transform kernels. */
import { invert, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { rootOfUnity } from '../curve/root-of-unity.ts';

const R = SCALAR_FIELD_ORDER;

/** The coefficients of the polynomial through values at 1, ω, ω², …; a power of two of them. */
export function interpolateSlow(values: readonly bigint[]): bigint[] {
  const n = values.length;
  const powers = powersOf(invert(rootOfUnity(Math.log2(n))), n);
  const share = invert(BigInt(n));
  return values.map((_, k) => {
    const sum = values.reduce((total, value, i) => total + value * powers[(i * k) % n]!, 0n);
    return ((sum % R) * share) % R;
  });
}

/** The polynomial's values at g, g·ω, g·ω², …, g² = ω: as many as coefficients. */
export function evaluateOnOddCosetSlow(coefficients: readonly bigint[]): bigint[] {
  const n = coefficients.length;
  const powers = powersOf(rootOfUnity(Math.log2(n) + 1), 2 * n);
  return coefficients.map((_, i) => {
    const at = (k: number) => powers[((2 * i + 1) * k) % (2 * n)]!;
    return coefficients.reduce((total, coefficient, k) => total + coefficient * at(k), 0n) % R;
  });
}

function powersOf(base: bigint, count: number): bigint[] {
  const powers = [1n];
  while (powers.length < count) powers.push((powers.at(-1)! * base) % R);
  return powers;
}
