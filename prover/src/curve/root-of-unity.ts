import { power, SCALAR_FIELD_ORDER } from '@zkinfer/core';

/** r − 1 = 2^28 · odd: domains have at most 2^28 points. */
export const TWO_ADICITY = 28;

/**
 * 5^((r−1)/2^28), the primitive 2^28-th root of unity that snarkjs uses (5 is not a square mod r).
 */
const ROOT = power(5n, (SCALAR_FIELD_ORDER - 1n) >> BigInt(TWO_ADICITY));

/** The primitive 2^log2Size-th root of unity in the scalar field, log2Size in [0, 28]. */
export function rootOfUnity(log2Size: number): bigint {
  return power(ROOT, 2n ** BigInt(TWO_ADICITY - log2Size));
}
