import { randomBytes } from 'node:crypto';
import { power, SCALAR_FIELD_ORDER } from '@zkinfer/core';

/**
 * The secrets of a Groth16 setup: who knows them can prove anything. γ is 1, as in snarkjs's keys.
 * All are in [1, r).
 */
export interface ToxicWaste {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly delta: bigint;
}

/** A source of uniform elements of [0, r). */
export type ScalarSource = () => bigint;

/** Draws from the operating system: 48 bytes reduced mod r, less than 2^-129 from uniform. */
export const systemScalars: ScalarSource = () =>
  BigInt(`0x${randomBytes(48).toString('hex')}`) % SCALAR_FIELD_ORDER;

/**
 * Draws secrets for a domain of 2^log2Size points. τ is drawn again while it lies in the domain of
 * twice the size, where Lagrange polynomials would divide by zero. JavaScript cannot erase bigints:
 * the secrets stay in this process's memory until collected, one of the reasons why such keys are
 * for development.
 */
export function drawToxicWaste(log2Size: number, draw: ScalarSource = systemScalars): ToxicWaste {
  const tau = drawUntil(draw, (value) => power(value, 2n ** BigInt(log2Size + 1)) !== 1n);
  const nonZero = () => drawUntil(draw, () => true);
  return { tau, alpha: nonZero(), beta: nonZero(), delta: nonZero() };
}

function drawUntil(draw: ScalarSource, accept: (value: bigint) => boolean): bigint {
  for (;;) {
    const value = draw();
    if (value !== 0n && accept(value)) return value;
  }
}
