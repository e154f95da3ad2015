/** Holds a lease for as long as it is needed: takes it, renews it in time, notices its loss. */
import { EnvironmentError } from '@zkinfer/core';
import type { Lease, Leases } from '../store/leases.ts';
import type { LeaseGuard } from './nonce-stream.ts';

/** How long a lease is taken for, unless told: what a dead holder blocks. */
export const LEASE_MS = 30_000;

/** One lease of one holder. */
export class LeaseKeeper {
  readonly #leases: Leases;
  readonly #name: string;
  readonly #holder: string;
  readonly #durationMs: number;
  readonly #now: () => number;
  #lease: Lease | undefined;

  /**
   * @param holder unique to this process and run
   * @param now milliseconds since 1970, the clock of `leases`
   */
  constructor(leases: Leases, name: string, holder: string, durationMs: number, now: () => number) {
    this.#leases = leases;
    this.#name = name;
    this.#holder = holder;
    this.#durationMs = durationMs;
    this.#now = now;
  }

  /**
   * The guard of the lease, which is held now and for half its time at least.
   * @throws EnvironmentError QUEUE_LEASE_TAKEN when another holder has it
   */
  async guard(): Promise<LeaseGuard> {
    const held = this.#lease;
    const fresh = held !== undefined && held.expiresAt - this.#now() > this.#durationMs / 2;
    if (fresh) return this.#leases.guard(held);
    this.#lease =
      (held && (await this.#leases.renew(held, this.#durationMs))) ??
      (await this.#leases.acquire(this.#name, this.#holder, this.#durationMs));
    if (this.#lease !== undefined) return this.#leases.guard(this.#lease);
    throw new EnvironmentError({
      code: 'QUEUE_LEASE_TAKEN',
      what: `another process holds ${this.#name}`,
      hint: 'It is taken over when that process ends, or some time after it died.',
    });
  }

  /** Lets others have it at once. */
  async release(): Promise<void> {
    if (this.#lease !== undefined) await this.#leases.release(this.#lease);
    this.#lease = undefined;
  }
}
