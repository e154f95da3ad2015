/**
 * The scalar field of BN254, in which witnesses, constraints and commitments live.
 * Source of the modulus: EIP-196 (the order of G1, called `n` or `r`).
 */

/** Order r of BN254's groups, modulus of the scalar field; 254 bits. */
export const SCALAR_FIELD_ORDER =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Modulus p of BN254's base field (coordinates of points); 254 bits. Source: EIP-196. */
export const BASE_FIELD_ORDER =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** The residue of any integer, in [0, modulus). */
export function reduce(value: bigint, modulus: bigint = SCALAR_FIELD_ORDER): bigint {
  const remainder = value % modulus;
  return remainder < 0n ? remainder + modulus : remainder;
}

/** base^exponent mod modulus by square and multiply; exponent ≥ 0. */
export function power(
  base: bigint,
  exponent: bigint,
  modulus: bigint = SCALAR_FIELD_ORDER,
): bigint {
  let result = 1n;
  let square = reduce(base, modulus);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/**
 * The inverse mod a prime, by the extended Euclidean algorithm.
 * @throws RangeError for 0, which has none.
 */
export function invert(value: bigint, modulus: bigint = SCALAR_FIELD_ORDER): bigint {
  let [a, b] = [reduce(value, modulus), modulus];
  if (a === 0n) throw new RangeError('invert: expected a non-zero residue, got 0');
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return reduce(x, modulus);
}

/**
 * Inverses of all values at the cost of one inversion (Montgomery's trick).
 * @throws RangeError if one is 0
 */
export function invertAll(
  values: readonly bigint[],
  modulus: bigint = SCALAR_FIELD_ORDER,
): bigint[] {
  const prefix: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefix.push(product);
    product = (product * value) % modulus;
  }
  let inverse = invert(product, modulus);
  const result = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = (inverse * prefix[i]!) % modulus;
    inverse = (inverse * values[i]!) % modulus;
  }
  return result;
}
