/** Measured quantities as people read them. */
import { EnvironmentError } from '@zkinfer/core';
import type { ContestCase } from './case.ts';
import type { Measurement } from './contest/contest-message.ts';

/** Longer times are given in seconds. */
const SECONDS_FROM_MS = 10_000;

/**
 * The quantity that a contest compares: milliseconds, or bytes.
 * @throws EnvironmentError BENCH_MEMORY_UNKNOWN where a program's memory cannot be seen
 */
export function measureOf({ measure }: ContestCase, measurement: Measurement): number {
  const value = measure === 'time' ? measurement.milliseconds : measurement.peakBytes;
  if (value !== undefined) return value;
  throw new EnvironmentError({
    code: 'BENCH_MEMORY_UNKNOWN',
    what: 'this machine does not tell how much memory other programs take',
    hint: 'Run this case without --with, or on Linux.',
  });
}

/** One measurement in the unit of its contest. */
export function formatMeasure(contest: ContestCase, measurement: Measurement): string {
  return formatQuantity(contest, measureOf(contest, measurement));
}

/** A quantity that a contest compares, in its unit. */
export function formatQuantity({ measure, unit = 'ms' }: ContestCase, value: number): string {
  if (measure === 'memory') return formatMegabytes(value);
  if (unit === 'ns') return `${threeDigits(value * 1e6)} ns`;
  return value < SECONDS_FROM_MS ? `${threeDigits(value)} ms` : `${threeDigits(value / 1000)} s`;
}

/** Bytes in decimal megabytes. */
export function formatMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** 9.8714 → `9.87`, 98.714 → `98.7`, 9871.4 → `9871`. */
export function threeDigits(value: number): string {
  const integerDigits = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  return value.toFixed(Math.max(0, 3 - integerDigits));
}
