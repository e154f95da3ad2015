/**
 * Token buckets: a name may do so much in a minute, and all of that at once after a minute of rest.
 * In memory: a restart fills them.
 */

/** Whether it was within the limit, for the headers RateLimit-*. */
export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Until the bucket is full again or, when refused, until there is a token; whole seconds. */
  readonly resetS: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** More than these are not remembered: those that rested longest are forgotten. */
const MOST_BUCKETS = 10_000;
const MINUTE_MS = 60_000;

/** One for each kind of name. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  /** @param now milliseconds, never going back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes a token of the name's bucket if there is one. */
  take(name: string, perMinute: number): RateDecision {
    const bucket = this.#bucket(name, perMinute);
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    return decision(bucket, allowed, perMinute);
  }

  /** Whether there is a token, without taking it. */
  look(name: string, perMinute: number): RateDecision {
    const bucket = this.#bucket(name, perMinute);
    return decision(bucket, bucket.tokens >= 1, perMinute);
  }

  #bucket(name: string, perMinute: number): Bucket {
    const now = this.#now();
    const known = this.#buckets.get(name);
    const gained = known === undefined ? perMinute : ((now - known.at) * perMinute) / MINUTE_MS;
    const bucket = { tokens: Math.min(perMinute, (known?.tokens ?? 0) + gained), at: now };
    // The map's order is then that of the last use.
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    if (this.#buckets.size > MOST_BUCKETS) this.#forgetOldest();
    return bucket;
  }

  #forgetOldest(): void {
    const oldest = this.#buckets.keys().next();
    if (oldest.done !== true) this.#buckets.delete(oldest.value);
  }
}

function decision({ tokens }: Bucket, allowed: boolean, limit: number): RateDecision {
  const missing = allowed ? limit - tokens : 1 - tokens;
  const resetS = Math.ceil((missing * MINUTE_MS) / limit / 1_000);
  return { allowed, limit, remaining: Math.floor(tokens), resetS };
}
