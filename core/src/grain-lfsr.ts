/**
 * The Grain LFSR in self-shrinking mode, from which Poseidon takes its constants. Source: Grassi,
 * Khovratovich, Rechberger, Roy, Schofnegger, "Poseidon: A New Hash Function for Zero-Knowledge
 * Proof Systems" (eprint 2019/458), appendix E.
 */

/** What the constants are for; it seeds the register. */
export interface GrainSeed {
  /** Bits of the prime. */
  readonly fieldBits: number;
  /** Width t of the state. */
  readonly width: number;
  readonly fullRounds: number;
  readonly partialRounds: number;
}

const REGISTER_BITS = 80;
const DISCARDED = 160;

/**
 * A source of `count`-bit integers, most significant bit first, for a prime field and the S-box
 * x^α.
 */
export function grainIntegers(seed: GrainSeed): (count: number) => bigint {
  const step = register(seed);
  for (let i = 0; i < DISCARDED; i++) step();

  const bit = () => {
    while (step() === 0) step();
    return step();
  };
  return (count) => {
    let digits = '0b';
    for (let i = 0; i < count; i++) digits += bit();
    return BigInt(digits);
  };
}

/** The 80-bit register as a ring: each step computes the next bit over the oldest. */
function register(seed: GrainSeed): () => number {
  const bits = Uint8Array.from(initialBits(seed), Number);
  let oldest = 0;
  const tap = (offset: number) => bits[(oldest + offset) % REGISTER_BITS]!;
  return () => {
    const next = tap(62) ^ tap(51) ^ tap(38) ^ tap(23) ^ tap(13) ^ tap(0);
    bits[oldest] = next;
    oldest = (oldest + 1) % REGISTER_BITS;
    return next;
  };
}

/**
 * Field kind 1 (prime), S-box kind 0 (x^α), the sizes, thirty ones; each part most significant bit
 * first.
 */
function initialBits(seed: GrainSeed): string {
  const part = (value: number, width: number) => value.toString(2).padStart(width, '0');
  return [
    part(1, 2),
    part(0, 4),
    part(seed.fieldBits, 12),
    part(seed.width, 12),
    part(seed.fullRounds, 10),
    part(seed.partialRounds, 10),
    '1'.repeat(30),
  ].join('');
}
