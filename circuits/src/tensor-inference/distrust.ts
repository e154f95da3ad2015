import type { Tensorflow } from '../float/tensorflow.ts';

/**
 * Whichever TensorFlow.js once gave an inexact result after its self-check is not used again by
 * this process: what broke may be the machine.
 */
const distrusted = new WeakMap<Tensorflow, string>();

/** @param reason for people; the first one stays */
export function distrust(tf: Tensorflow, reason: string): void {
  if (!distrusted.has(tf)) distrusted.set(tf, reason);
}

/** Why it is not used any more, or undefined. */
export function reasonToDistrust(tf: Tensorflow): string | undefined {
  return distrusted.get(tf);
}
