/**
 * Leases: who may act on something that only one may act on, such as the nonces of a signer on a
 * chain. A lease runs out unless it is renewed, so a holder that died blocks for its time only.
 *
 * A holder that was paused past its time must not act either, and cannot tell by itself: what it
 * writes carries `guard`, which lets the write fail once somebody else has taken the lease (Kleppmann,
 * "How to do distributed locking", 2016). The token is the version of the lease's entry; renewing
 * writes another entry, so that a guard taken before a renewal holds after it.
 */
import { readInteger, readString } from '@zkinfer/core';
import { type RecordKind, Records } from './records.ts';
import { ABSENT, type Store, type StoreOperation } from './store.ts';

/** A lease that was acquired. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  /** Greater than that of every earlier lease of this name. */
  readonly token: number;
  /** Milliseconds since 1970: from then on others may take it. */
  readonly expiresAt: number;
}

/** The name of the lease to send transactions of a signer. @param signer its address */
export function signerLeaseName(chainId: bigint, signer: string): string {
  return `signer-${chainId}-${signer.toLowerCase()}`;
}

const HOLDERS: RecordKind<string> = {
  name: 'lease-holder',
  form: 1,
  write: (holder) => ({ holder }),
  read: (data, path) => readString((data as { holder?: unknown }).holder, `${path}.holder`),
};

const EXPIRIES: RecordKind<number> = {
  name: 'lease-expiry',
  form: 1,
  write: (expiresAt) => ({ expiresAt }),
  read: (data, path) =>
    readInteger((data as { expiresAt?: unknown }).expiresAt, `${path}.expiresAt`),
};

/** The leases of a store. */
export class Leases {
  readonly #store: Store;
  readonly #holders: Records<string>;
  readonly #expiries: Records<number>;
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#holders = new Records(store, HOLDERS);
    this.#expiries = new Records(store, EXPIRIES);
    this.#now = now;
  }

  /**
   * Takes a lease that nobody holds or whose time has run out; undefined if somebody holds it.
   * @param holder unique to this process and run: the same name does not get the lease twice
   */
  async acquire(name: string, holder: string, durationMs: number): Promise<Lease | undefined> {
    const held = await this.#holders.get(name);
    const expiry = await this.#expiries.get(name);
    if (expiry !== undefined && this.#now() < expiry.record) return undefined;
    const expiresAt = this.#now() + durationMs;
    const result = await this.#store.commit([
      this.#holders.put(name, holder, held?.version ?? ABSENT),
      // A renewal since then changed this version.
      this.#expiries.put(name, expiresAt, expiry?.version ?? ABSENT),
    ]);
    return result.committed ? { name, holder, token: result.version, expiresAt } : undefined;
  }

  /** The lease with `durationMs` from now; undefined if somebody else has taken it. */
  async renew(lease: Lease, durationMs: number): Promise<Lease | undefined> {
    const expiresAt = this.#now() + durationMs;
    const operations = [this.guard(lease), this.#expiries.put(lease.name, expiresAt)];
    const { committed } = await this.#store.commit(operations);
    return committed ? { ...lease, expiresAt } : undefined;
  }

  /** Gives a lease back; harmless if somebody else has taken it. */
  async release(lease: Lease): Promise<void> {
    const { name, token } = lease;
    await this.#store.commit([this.#holders.delete(name, token), this.#expiries.delete(name)]);
  }

  /** A precondition for commits: nobody else has taken the lease since. */
  guard(lease: Lease): StoreOperation & { readonly type: 'check' } {
    const { key } = this.#holders.delete(lease.name);
    return { type: 'check', key, ifVersion: lease.token };
  }
}
