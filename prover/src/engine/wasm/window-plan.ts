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

/** Small scalars with their offset fit in 64 bits. */
const MAX_SMALL_BITS = 48;
const SMALL_RECORD_BITS = 64;

/** |k| of wide scalars: (r − 1)/2, or what Montgomery reduction leaves, which is at most 0.63·r. */
const WIDE_MAGNITUDE = 2n ** 253n;

/** Records of wide scalars are made from limbs, of which the top one has 64 bits above 2^204. */
const WIDE_RECORD_BITS = 267;

const MAX_WINDOW_BITS = 15;

/**
 * Measured: a batch costs about 15 additions by itself, joining windows 18 a bit. Summing a bucket costs two additions, more
 * where a window's buckets leave the second-level cache (so 15 bits are slower than 14 for 2^17 scalars); its first term costs
 * none. Halving scalars by the curve's endomorphism (GLV) was calculated to gain 5 % at most, and left out.
 */
const BATCH_COST = 15;
const BUCKET_COST = 2.2;
const FAR_BUCKET_COST = 2.9;
const FAR_BITS = 15;
const DOUBLING_COST = 18;
const PARTS = 64;

/** Windows for `count` scalars without structure. */
export function planUniform(count: number): WindowPlan {
  return bestWindows(WIDE_MAGNITUDE, WIDE_RECORD_BITS, () => count).plan;
}

/** Windows for scalars of which `histogram[l]` have l bits. */
export function planWitness(histogram: ArrayLike<number>): WitnessPlan {
  const upTo = cumulative(histogram);
  const withBits = (from: number, to: number) => upTo[to]! - upTo[Math.max(0, from - 1)]!;
  let best: WitnessPlan | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let smallBits = 1; smallBits <= MAX_SMALL_BITS; smallBits++) {
    const smallCount = withBits(1, smallBits);
    const wideCount = withBits(smallBits + 1, upTo.length - 1);
    // A digit is 0 in windows above a scalar's length.
    const small = bestWindows(2n ** BigInt(smallBits) - 1n, SMALL_RECORD_BITS, (bit) =>
      bit > smallBits ? 0 : withBits(Math.max(1, bit), smallBits),
    );
    const wide = bestWindows(WIDE_MAGNITUDE, WIDE_RECORD_BITS, () => wideCount);
    const cost = (smallCount > 0 ? small.cost : 0) + (wideCount > 0 ? wide.cost : 0);
    if (cost >= bestCost) continue;
    bestCost = cost;
    best = { smallBits, smallCount, wideCount, small: small.plan, wide: wide.plan };
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

function bestWindows(
  magnitude: bigint,
  recordBits: number,
  termsFrom: (bit: number) => number,
): { plan: WindowPlan; cost: number } {
  let best: { plan: WindowPlan; cost: number } | undefined;
  for (let bits = 2; bits <= MAX_WINDOW_BITS; bits++) {
    const plan = { bits, count: windowCount(magnitude, bits) };
    if (plan.bits * plan.count > recordBits) continue;
    const cost = windowsCost(plan, termsFrom);
    if (best === undefined || cost < best.cost) best = { plan, cost };
  }
  return best!;
}

/** The least count of signed digits, −2^(bits−1) to 2^(bits−1) − 1, that make numbers up to a magnitude of both signs. */
function windowCount(magnitude: bigint, bits: number): number {
  const highestDigit = 2n ** BigInt(bits - 1) - 1n;
  let highest = highestDigit;
  let count = 1;
  for (; highest < magnitude; count++) highest = (highest << BigInt(bits)) + highestDigit;
  return count;
}

function windowsCost({ bits, count }: WindowPlan, termsFrom: (bit: number) => number): number {
  const buckets = 2 ** (bits - 1);
  const parts = Math.min(PARTS, buckets);
  let cost = bits * count * DOUBLING_COST + ((2 * buckets) / parts + 3 * parts) * BATCH_COST;
  const bucketCost = bits < FAR_BITS ? BUCKET_COST : FAR_BUCKET_COST;
  for (let w = 0; w < count; w++) {
    const terms = termsFrom(w * bits);
    cost += terms - Math.min(terms, buckets) + bucketCost * buckets;
  }
  return cost;
}
