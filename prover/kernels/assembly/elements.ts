/** Integers of 32 bytes, little endian, as limbs. */

/**
 * Writes 5 limbs, unsigned, `stride` bytes apart: below 2^51 each, so that two such integers can be multiplied (2^102). Whoever
 * folds a product by an element of at most p wants them below p: 0.379 + 0.63 is far below the 2.5 that folding takes.
 */
export function limbsFromBytes(to: usize, stride: usize, bytes: usize): void {
  const w0 = load<u64>(bytes);
  const w1 = load<u64>(bytes, 8);
  const w2 = load<u64>(bytes, 16);
  const w3 = load<u64>(bytes, 24);
  const mask: u64 = 0x7ffffffffffff;
  store<f64>(to, <f64>(<i64>(w0 & mask)));
  store<f64>(to + stride, <f64>(<i64>(((w0 >> 51) | (w1 << 13)) & mask)));
  store<f64>(to + 2 * stride, <f64>(<i64>(((w1 >> 38) | (w2 << 26)) & mask)));
  store<f64>(to + 3 * stride, <f64>(<i64>(((w2 >> 25) | (w3 << 39)) & mask)));
  store<f64>(to + 4 * stride, <f64>(<i64>(w3 >> 12)));
}
