/**
 * Random numbers that can be had again, for tests and self-checks. Not for secrets.
 *
 * Generator: sfc32 of Chris Doty-Humphrey's PractRand (public domain), 128 bits of state, seeded as
 * there: the seed in one word, the counter 1, the first outputs thrown away.
 */

/** A stream of draws; the same seed gives the same stream on every machine. */
export interface SeededRandom {
  readonly seed: number;
  /** The next 32 bits, an integer in [0, 2^32). */
  uint32(): number;
  /** An integer in [lowest, highest], both included; at most 2^53 of them. */
  int(lowest: number, highest: number): number;
  /** An integer in [0, bound). */
  bigint(bound: bigint): bigint;
  /** A real in [lowest, highest), [0, 1) unless told. */
  float(lowest?: number, highest?: number): number;
  /** true with the probability given, one half unless told. */
  boolean(probability?: number): boolean;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
  /** One of the items; there must be some. */
  pick<T>(items: readonly T[]): T;
}

const WARM_UP = 15;

/**
 * A stream from a seed in [0, 2^32).
 * @throws RangeError if the seed is not an integer of that range.
 */
export function seededRandom(seed: number): SeededRandom {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new RangeError(`seededRandom: expected an integer in [0, 2^32), got ${seed}`);
  }
  const uint32 = sfc32(seed);
  for (let i = 0; i < WARM_UP; i++) uint32();

  const unit = () => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;
  const int = (lowest: number, highest: number) => {
    if (!Number.isSafeInteger(lowest) || !Number.isSafeInteger(highest) || lowest > highest) {
      throw new RangeError(
        `int: expected lowest ≤ highest, safe integers, got ${lowest}, ${highest}`,
      );
    }
    return lowest + Math.floor(unit() * (highest - lowest + 1));
  };
  return {
    seed,
    uint32,
    int,
    bigint: (bound) => bigintBelow(bound, uint32),
    float: (lowest = 0, highest = 1) => lowest + unit() * (highest - lowest),
    boolean: (probability = 0.5) => unit() < probability,
    bytes: (length) => Uint8Array.from({ length }, () => uint32() & 0xff),
    pick: (items) => items[int(0, items.length - 1)]!,
  };
}

function sfc32(seed: number): () => number {
  let [a, b, c, counter] = [0, seed | 0, 0, 1];
  return () => {
    const output = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + output) | 0;
    return output >>> 0;
  };
}

/** Rejection over the bits that the bound needs: no bias, two draws expected at most. */
function bigintBelow(bound: bigint, uint32: () => number): bigint {
  if (bound <= 0n) throw new RangeError(`bigint: expected a positive bound, got ${bound}`);
  const bits = (bound - 1n).toString(2).length;
  for (;;) {
    let value = 0n;
    for (let have = 0; have < bits; have += 32) value = (value << 32n) | BigInt(uint32());
    value = BigInt.asUintN(bits, value);
    if (value < bound) return value;
  }
}
