/** Where to write times below a timeline: a few round lengths of time. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps that people count in, in milliseconds, smallest first. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 12].map((n) => n * HOUR),
];

/**
 * Multiples of a round step in [0, durationMs], at most `most` + 1 of them, 0 included.
 * @param most ≥ 1
 */
export function timeTicks(durationMs: number, most: number): number[] {
  const least = durationMs / most;
  const step = STEPS.find((candidate) => candidate >= least) ?? Math.ceil(least / DAY) * DAY;
  return Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, i) => i * step);
}
