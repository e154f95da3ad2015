/** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: error below 1.5e−7. */
const P = 0.3275911;
const COEFFICIENTS = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429] as const;

/** P(X > x) for a standard normal X. */
export function normalTail(x: number): number {
  if (x < 0) return 1 - normalTail(-x);
  const z = x / Math.SQRT2;
  const t = 1 / (1 + P * z);
  const series = COEFFICIENTS.reduceRight((sum, coefficient) => (sum + coefficient) * t, 0);
  return (series * Math.exp(-z * z)) / 2;
}

/**
 * The mean of P(X > t) over t in [0, x]: P(X > x) + (1 − e^(−x²/2)) / (x · √(2π)), by parts; 1/2 at
 * 0.
 */
export function meanNormalTail(x: number): number {
  if (x < 1e-6) return 0.5;
  return normalTail(x) + (1 - Math.exp((-x * x) / 2)) / (x * Math.sqrt(2 * Math.PI));
}
