/**
 * Number-theoretic transforms over the scalar field without bit reversal: natural order in and bit-reversed order out (the
 * Cooley-Tukey network, one twiddle a block), and its transpose from bit-reversed back to natural order.
 *
 * Arrays hold cells of two neighbours. Twiddles are elements in bit-reversed order, so that block b of every level has
 * twiddle b. Level l has 2^l blocks of n/2^l values; butterflies join a block's halves.
 *
 * Multiplying takes 33 of a butterfly's 40 ns. Keeping what is worked on in the first-level cache, by strips of 16 columns or
 * by blocks of 2^9 values that go there and back at once, changes at most 1 % up to 2^20 values.
 */
import {
  butterflyInFrequency,
  butterflyInTime,
  butterflyInTimeCarrying,
  multiplySubtract,
  normalize,
  ZERO,
} from './fr/field';
import { addCells, copyCell, gatherElement, subtractCells } from './lanes';
import { temporary } from './thread';

/** table[2^k + i] = table[i] · steps[k] for k < log2: elements; table[0] is given. */
export function expandTable(table: usize, log2: u32, steps: usize): void {
  const step = temporary(1);
  const cell = temporary(0);
  for (let k: u32 = 0; k < log2; k++) {
    gatherElement(step, steps + 40 * k, steps + 40 * k);
    const length: u32 = 1 << k;
    for (let i: u32 = 0; i < length; i += 2) {
      const from = table + 40 * i;
      const second: usize = length === 1 ? 0 : 40;
      gatherElement(cell, from, from + second);
      multiplySubtract(cell, cell, step, ZERO);
      const to = from + 40 * length;
      for (let limb: usize = 0; limb < 5; limb++) {
        store<f64>(to + 8 * limb, load<f64>(cell + 16 * limb));
        if (second !== 0) store<f64>(to + 40 + 8 * limb, load<f64>(cell + 16 * limb + 8));
      }
    }
  }
}

/**
 * Levels with odd numbers carry what they do not multiply. Limbs that are carried are at most 2^50 + 4, as are those of products;
 * three of these add up at most: what is multiplied stays below 2^52, where limbs of twiddles are at most 2^50.
 *
 * A twiddled partner adds 0.19·x + 0.6225 at most: twiddles are at most 0.5 (tables are centred), half of p/R < 0.379 is 0.19, and
 * 0.6225 is 0.5 for the cancelled limb and half of |2^-51 mod r| < 0.245·r for the last lifted one; a carried partner adds 0.5. a and b
 * come in at most 0.5, c = a·b as a product, at most 0.72. After an even level values are at most 1.19·x + 0.6225, after an odd one
 * 0.5 + 0.19·x + 0.6225: below 2.6 for ever, where `normalize` takes 3.5.
 */
function carriesInTime(level: u32): bool {
  return (level & 1) === 1;
}

function loadTwiddle(cell: usize, twiddles: usize, first: u32, second: u32): void {
  gatherElement(cell, twiddles + 40 * first, twiddles + 40 * second);
}

/**
 * Levels from..to of block `block` of level `from`, in columns c0..c1 of cells, of which there are n/2^to/2: so 2^to ≤ n/2.
 */
export function columnsInTime(
  values: usize,
  log2: u32,
  twiddles: usize,
  from: u32,
  to: u32,
  block: u32,
  c0: u32,
  c1: u32,
): void {
  const twiddle = temporary(0);
  const base = values + (block << (log2 - from)) * 40;
  const rowBytes: usize = 40 << (log2 - to);
  for (let level = from; level < to; level++) {
    const half: u32 = 1 << (to - level - 1);
    const blocks: u32 = 1 << (level - from);
    for (let b: u32 = 0; b < blocks; b++) {
      const number = (block << (level - from)) + b;
      loadTwiddle(twiddle, twiddles, number, number);
      for (let row: u32 = 0; row < half; row++) {
        const upper = base + rowBytes * (2 * half * b + row);
        const lower = upper + rowBytes * half;
        joinInTime(upper + 80 * c0, lower + 80 * c0, c1 - c0, twiddle, number, level);
      }
    }
  }
}

/**
 * The transpose of the above, levels in opposite order. Sums are carried at once, products are by themselves: from values of at
 * most 1.12 (`scaleCells`) they are at most 0.19 · 2.24 + 0.6225 < 1.05, and stay below; sums are below 2.3.
 */
export function columnsInFrequency(
  values: usize,
  log2: u32,
  twiddles: usize,
  from: u32,
  to: u32,
  block: u32,
  c0: u32,
  c1: u32,
): void {
  const twiddle = temporary(0);
  const base = values + (block << (log2 - from)) * 40;
  const rowBytes: usize = 40 << (log2 - to);
  for (let level = to; level > from; level--) {
    const half: u32 = 1 << (to - level);
    const blocks: u32 = 1 << (level - 1 - from);
    for (let b: u32 = 0; b < blocks; b++) {
      const number = (block << (level - 1 - from)) + b;
      loadTwiddle(twiddle, twiddles, number, number);
      for (let row: u32 = 0; row < half; row++) {
        const upper = base + rowBytes * (2 * half * b + row);
        const lower = upper + rowBytes * half;
        joinInFrequency(upper + 80 * c0, lower + 80 * c0, c1 - c0, twiddle, number);
      }
    }
  }
}

/** Butterflies of cells a, a + 80… with b, b + 80…, of one level. The twiddle with number 0 is 1. */
function joinInTime(a: usize, b: usize, count: u32, twiddle: usize, number: u32, level: u32): void {
  const end = a + 80 * count;
  const carries = carriesInTime(level);
  if (number === 0) {
    for (; a < end; a += 80, b += 80) {
      if (carries) normalize(a, a);
      normalize(b, b);
      replaceBySums(a, b);
    }
  } else if (carries) {
    for (; a < end; a += 80, b += 80) butterflyInTimeCarrying(a, b, twiddle);
  } else {
    for (; a < end; a += 80, b += 80) butterflyInTime(a, b, twiddle);
  }
}

function joinInFrequency(a: usize, b: usize, count: u32, twiddle: usize, number: u32): void {
  const end = a + 80 * count;
  if (number === 0) {
    for (; a < end; a += 80, b += 80) {
      replaceBySums(a, b);
      normalize(a, a);
      normalize(b, b);
    }
  } else {
    for (; a < end; a += 80, b += 80) butterflyInFrequency(a, b, twiddle);
  }
}

/** (a, b) becomes (a + b, a − b), not carried. */
function replaceBySums(a: usize, b: usize): void {
  const sum = temporary(1);
  addCells(sum, a, b);
  subtractCells(b, a, b);
  copyCell(a, sum);
}

/** The last level, whose butterflies join the lanes of a cell, in block `block` of level `from`. */
export function lanesInTime(
  values: usize,
  log2: u32,
  twiddles: usize,
  from: u32,
  block: u32,
): void {
  joinLanes(values, log2, twiddles, from, block, true);
}

/** The transpose of the above. */
export function lanesInFrequency(
  values: usize,
  log2: u32,
  twiddles: usize,
  from: u32,
  block: u32,
): void {
  joinLanes(values, log2, twiddles, from, block, false);
}

function joinLanes(
  values: usize,
  log2: u32,
  twiddles: usize,
  from: u32,
  block: u32,
  isInTime: bool,
): void {
  const first = (block << (log2 - from)) >> 1;
  const cells: u32 = (1 << (log2 - from)) >> 1;
  const twiddle = temporary(0);
  for (let i = first; i < first + cells; i += 2) {
    const upper = temporary(1);
    const lower = temporary(2);
    const a = values + 80 * i;
    const hasNext = i + 1 < first + cells;
    const b = hasNext ? a + 80 : a;
    loadTwiddle(twiddle, twiddles, i, hasNext ? i + 1 : i);
    transposeCells(upper, lower, a, b);
    if (!isInTime) butterflyInFrequency(upper, lower, twiddle);
    else if (carriesInTime(log2 - 1)) butterflyInTimeCarrying(upper, lower, twiddle);
    else butterflyInTime(upper, lower, twiddle);
    transposeCells(a, hasNext ? b : temporary(3), upper, lower);
  }
}

/** (a0, a1), (b0, b1) becomes (a0, b0), (a1, b1). */
function transposeCells(out0: usize, out1: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < 80; i += 16) {
    const x = v128.load(a + i);
    const y = v128.load(b + i);
    v128.store(out0 + i, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(out1 + i, v128.shuffle<f64>(x, y, 1, 3));
  }
}
