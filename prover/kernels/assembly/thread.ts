/**
 * Each thread's own part of the shared memory, and the constants that all share. Addresses below 16384 are fixed: the fields'
 * constants, then what `initShared` writes.
 */

/** Four masks of 16 bytes: the sign bits of no lane, the first, the second, both. */
export const SIGN_MASKS: usize = 8192;

/** A point (0, 0) and a point (1, 0) that pad batches of odd length: their difference has an inverse. */
export const PADDING_P: usize = 8320;
export const PADDING_Q: usize = 8480;

/** The first limb of x of the point at infinity: the bits of a double that no limb is. */
export const INFINITY_BITS: u64 = 0x7ff0000000000000;

let scratch: usize = 0;

/** Must be called once in each thread before any kernel. */
export function setScratch(address: usize): void {
  scratch = address;
}

/** The thread's region. */
export function scratchBase(): usize {
  return scratch;
}

/**
 * Writes zeros to whole words of 8 bytes. Not `memory.fill`: in a thread whose view of the memory's size is older than the
 * memory's last growth, the bulk instructions trap on the new part, while loads and stores do not.
 */
export function clearWords(at: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 8) store<u64>(at + i, 0);
}

/** Copies whole words of 8 bytes; see `clearWords`. */
export function copyWords(to: usize, from: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 8) store<u64>(to + i, load<u64>(from + i));
}

/** Must be called once for a memory. */
export function initShared(): void {
  for (let i: usize = 0; i < 4; i++) {
    store<u64>(SIGN_MASKS + 16 * i, (<u64>i & 1) << 63);
    store<u64>(SIGN_MASKS + 16 * i + 8, (<u64>i >> 1) << 63);
  }
  clearWords(PADDING_P, 320);
  store<f64>(PADDING_Q, 1.0);
}

/** Where temporaries of one cell are: 32 of them, shared by functions that say which. */
export function temporary(index: usize): usize {
  return scratch + 1024 + 80 * index;
}
