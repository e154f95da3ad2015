/** How scalars are cut into digits: costs are counted in additions of points. */

/** Signed digits of `bits` bits, `count` of them. */
export interface WindowPlan {
  readonly bits: number;
  readonly count: number;
}

/** Scalars of at most `smallBits` bits have windows of their own. */
export interface WitnessPlan {
  readonly smallBits: number;
  readonly smallCount: number;
  readonly wideCount: number;
  readonly small: WindowPlan;
  readonly wide: WindowPlan;
}

/** Records of small scalars have 63 bits. */
const MAX_SMALL_BITS = 60;

/** |k| ≤ (r − 1)/2 < 2^253, and one bit for the sign. */
const WIDE_BITS = 254;

const MAX_WINDOW_BITS = 15;

/** Measured: a batch costs about 15 additions by itself, a bucket two additions, joining windows 18 a bit. */
const BATCH_COST = 15;
const DOUBLING_COST = 18;
const PARTS = 64;

/** Windows for `count` scalars without structure. */
export function planUniform(count: number): WindowPlan {
  return bestWindows(WIDE_BITS, () => count);
}

/** Windows for scalars of which `histogram[l]` have l bits. */
export function planWitness(histogram: ArrayLike<number>): WitnessPlan {
  const upTo = cumulative(histogram);
  const total = upTo.at(-1)! - upTo[0]!;
  let best: WitnessPlan | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let smallBits = 1; smallBits <= MAX_SMALL_BITS; smallBits++) {
    const smallCount = upTo[smallBits]! - upTo[0]!;
    const wideCount = total - smallCount;
    // A digit is 0 in windows above a scalar's length.
    const small = bestWindows(smallBits + 1, (bit) => smallCount - (upTo[Math.max(0, bit - 1)]! - upTo[0]!));
    const wide = bestWindows(WIDE_BITS, () => wideCount);
    const cost =
      (smallCount > 0 ? windowsCost(small, (bit) => smallCount - (upTo[Math.max(0, bit - 1)]! - upTo[0]!)) : 0) +
      (wideCount > 0 ? windowsCost(wide, () => wideCount) : 0);
    if (cost >= bestCost) continue;
    bestCost = cost;
    best = { smallBits, smallCount, wideCount, small, wide };
  }
  return best!;
}

/** Σ 2^(bits−1)·2^(bits·w): added to a scalar, it makes its signed digits independent of each other. */
export function digitOffset({ bits, count }: WindowPlan): bigint {
  let offset = 0n;
  for (let w = 0; w < count; w++) offset += 1n << BigInt(bits * w + bits - 1);
  return offset;
}

function cumulative(histogram: ArrayLike<number>): number[] {
  let sum = 0;
  return Array.from(histogram, (count) => {
    sum += count;
    return sum;
  });
}

function bestWindows(scalarBits: number, termsFrom: (bit: number) => number): WindowPlan {
  let best: WindowPlan = { bits: 1, count: scalarBits };
  let bestCost = Number.POSITIVE_INFINITY;
  for (let bits = 2; bits <= MAX_WINDOW_BITS; bits++) {
    const plan = { bits, count: Math.ceil(scalarBits / bits) };
    const cost = windowsCost(plan, termsFrom);
    if (cost < bestCost) [best, bestCost] = [plan, cost];
  }
  return best;
}

function windowsCost({ bits, count }: WindowPlan, termsFrom: (bit: number) => number): number {
  const buckets = 2 ** (bits - 1);
  const parts = Math.min(PARTS, buckets);
  let cost = bits * count * DOUBLING_COST + ((2 * buckets) / parts + 3 * parts) * BATCH_COST;
  for (let w = 0; w < count; w++) cost += termsFrom(w * bits) + 2.2 * buckets;
  return cost;
}
