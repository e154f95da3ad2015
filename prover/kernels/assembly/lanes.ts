/** Cells against single elements: an element is 5 doubles in a row, 40 bytes; two of them make a cell. */

function loadPair(p: usize, q: usize): v128 {
  return v128.load64_lane(q, v128.load64_zero(p), 1);
}

function storePair(p: usize, q: usize, limbs: v128): void {
  v128.store64_lane(p, limbs, 0);
  v128.store64_lane(q, limbs, 1);
}

/** The cell of the elements at p and q. */
export function gatherElement(out: usize, p: usize, q: usize): void {
  v128.store(out, loadPair(p, q), 0);
  v128.store(out, loadPair(p + 8, q + 8), 16);
  v128.store(out, loadPair(p + 16, q + 16), 32);
  v128.store(out, loadPair(p + 24, q + 24), 48);
  v128.store(out, loadPair(p + 32, q + 32), 64);
}

/** Writes a cell's two elements to p and q. */
export function scatterElement(cell: usize, p: usize, q: usize): void {
  storePair(p, q, v128.load(cell, 0));
  storePair(p + 8, q + 8, v128.load(cell, 16));
  storePair(p + 16, q + 16, v128.load(cell, 32));
  storePair(p + 24, q + 24, v128.load(cell, 48));
  storePair(p + 32, q + 32, v128.load(cell, 64));
}

/** Elements at p1, q1 minus those at p0, q0, not carried. */
export function gatherDifference(out: usize, p1: usize, q1: usize, p0: usize, q0: usize): void {
  v128.store(out, f64x2.sub(loadPair(p1, q1), loadPair(p0, q0)), 0);
  v128.store(out, f64x2.sub(loadPair(p1 + 8, q1 + 8), loadPair(p0 + 8, q0 + 8)), 16);
  v128.store(out, f64x2.sub(loadPair(p1 + 16, q1 + 16), loadPair(p0 + 16, q0 + 16)), 32);
  v128.store(out, f64x2.sub(loadPair(p1 + 24, q1 + 24), loadPair(p0 + 24, q0 + 24)), 48);
  v128.store(out, f64x2.sub(loadPair(p1 + 32, q1 + 32), loadPair(p0 + 32, q0 + 32)), 64);
}

/** The cell of the elements at p and q, with the signs that a mask changes. */
export function gatherSigned(out: usize, p: usize, q: usize, mask: v128): void {
  v128.store(out, v128.xor(loadPair(p, q), mask), 0);
  v128.store(out, v128.xor(loadPair(p + 8, q + 8), mask), 16);
  v128.store(out, v128.xor(loadPair(p + 16, q + 16), mask), 32);
  v128.store(out, v128.xor(loadPair(p + 24, q + 24), mask), 48);
  v128.store(out, v128.xor(loadPair(p + 32, q + 32), mask), 64);
}

export function addCells(out: usize, a: usize, b: usize): void {
  v128.store(out, f64x2.add(v128.load(a, 0), v128.load(b, 0)), 0);
  v128.store(out, f64x2.add(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(out, f64x2.add(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(out, f64x2.add(v128.load(a, 48), v128.load(b, 48)), 48);
  v128.store(out, f64x2.add(v128.load(a, 64), v128.load(b, 64)), 64);
}

export function subtractCells(out: usize, a: usize, b: usize): void {
  v128.store(out, f64x2.sub(v128.load(a, 0), v128.load(b, 0)), 0);
  v128.store(out, f64x2.sub(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(out, f64x2.sub(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(out, f64x2.sub(v128.load(a, 48), v128.load(b, 48)), 48);
  v128.store(out, f64x2.sub(v128.load(a, 64), v128.load(b, 64)), 64);
}

export function negateCell(out: usize, a: usize): void {
  v128.store(out, f64x2.neg(v128.load(a, 0)), 0);
  v128.store(out, f64x2.neg(v128.load(a, 16)), 16);
  v128.store(out, f64x2.neg(v128.load(a, 32)), 32);
  v128.store(out, f64x2.neg(v128.load(a, 48)), 48);
  v128.store(out, f64x2.neg(v128.load(a, 64)), 64);
}

export function copyCell(out: usize, a: usize): void {
  v128.store(out, v128.load(a, 0), 0);
  v128.store(out, v128.load(a, 16), 16);
  v128.store(out, v128.load(a, 32), 32);
  v128.store(out, v128.load(a, 48), 48);
  v128.store(out, v128.load(a, 64), 64);
}

/** Exchanges the lanes. */
export function swapLanes(out: usize, a: usize): void {
  for (let i: usize = 0; i < 80; i += 16) {
    const limb = v128.load(a + i);
    v128.store(out + i, v128.shuffle<f64>(limb, limb, 1, 0));
  }
}

/** Copies the first lane to the second. */
export function spreadFirstLane(cell: usize): void {
  for (let i: usize = 0; i < 80; i += 16) {
    v128.store(cell + i, v128.load64_splat(cell + i));
  }
}

/** Copies one lane of a cell. */
export function copyLane(out: usize, a: usize, lane: usize): void {
  for (let i: usize = 8 * lane; i < 80; i += 16) store<f64>(out + i, load<f64>(a + i));
}

/** Whether the limbs of one lane are all 0. */
export function laneHasZeroLimbs(cell: usize, lane: usize): bool {
  for (let i: usize = 8 * lane; i < 80; i += 16) {
    if (load<f64>(cell + i) !== 0.0) return false;
  }
  return true;
}
