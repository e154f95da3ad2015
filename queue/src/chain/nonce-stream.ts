/**
 * The nonces of a signer on a chain in the store: which come next, which are open, and which belongs
 * to which intent. Every change carries the guard of the signer's lease, so that whoever was
 * overtaken changes nothing.
 */
import { EnvironmentError, readInteger, readObject, readString } from '@zkinfer/core';
import { signerLeaseName } from '../store/leases.ts';
import { type RecordKind, Records, type StoredRecord } from '../store/records.ts';
import { ABSENT, type Store, type StoreOperation } from '../store/store.ts';
import { unmined } from './sign-attempt.ts';
import {
  TRANSACTION_RECORDS,
  type TransactionRecord,
  transactionId,
} from './transaction-record.ts';

/** A precondition on the signer's lease. */
export type LeaseGuard = StoreOperation & { readonly type: 'check' };

/** What an intent's current nonce is. */
interface IntentRecord {
  readonly stream: string;
  readonly nonce: number;
}

interface StreamRecord {
  /** The nonce that the next reservation gets, unless the chain is further. */
  readonly next: number;
  /** All nonces below are final. */
  readonly firstOpen: number;
}

const INTENTS: RecordKind<IntentRecord> = {
  name: 'intent',
  form: 1,
  write: (intent) => ({ ...intent }),
  read(data, path) {
    const { stream, nonce } = readObject(data, path, ['stream', 'nonce']);
    return {
      stream: readString(stream, `${path}.stream`),
      nonce: readInteger(nonce, `${path}.nonce`),
    };
  },
};

const STREAMS: RecordKind<StreamRecord> = {
  name: 'nonce-stream',
  form: 1,
  write: (stream) => ({ ...stream }),
  read(data, path) {
    const { next, firstOpen } = readObject(data, path, ['next', 'firstOpen']);
    return {
      next: readInteger(next, `${path}.next`),
      firstOpen: readInteger(firstOpen, `${path}.firstOpen`),
    };
  },
};

/** The nonce of one intent. */
export interface IntentTransaction {
  /** Of the signer that has it, which may be another than the asker's. */
  readonly stream: string;
  readonly stored: StoredRecord<TransactionRecord>;
}

/** The nonces of one signer. */
export class NonceStream {
  /** Chain and signer; the name of the lease, too. */
  readonly name: string;
  readonly #store: Store;
  readonly #streams: Records<StreamRecord>;
  readonly #intents: Records<IntentRecord>;
  readonly #transactions: Records<TransactionRecord>;

  constructor(store: Store, chainId: bigint, signer: string) {
    this.name = signerLeaseName(chainId, signer);
    this.#store = store;
    this.#streams = new Records(store, STREAMS);
    this.#intents = new Records(store, INTENTS);
    this.#transactions = new Records(store, TRANSACTION_RECORDS);
  }

  /** The current nonce of an intent, whoever sends it; undefined if none was reserved. */
  async ofIntent(intentId: string): Promise<IntentTransaction | undefined> {
    const intent = await this.#intents.get(intentId);
    if (intent === undefined) return undefined;
    const { stream, nonce } = intent.record;
    const stored = await this.#transactions.get(transactionId(stream, nonce));
    return stored && { stream, stored };
  }

  /**
   * Reserves the next nonce for an intent that has none, or whose nonce was finally used by something
   * else.
   * @param used how many nonces the chain has seen used
   * @param rest everything but the nonce
   * @returns undefined if the intent got a nonce in the meantime
   * @throws EnvironmentError QUEUE_LEASE_LOST
   */
  async reserve(
    rest: Omit<TransactionRecord, 'nonce'>,
    used: number,
    guard: LeaseGuard,
  ): Promise<StoredRecord<TransactionRecord> | undefined> {
    const { intentId } = rest;
    const intent = await this.#intents.get(intentId);
    const before = intent && (await this.ofIntent(intentId));
    if (before !== undefined && !mayBeSentAgain(before.stored.record)) return undefined;
    const stream = await this.#streams.get(this.name);
    const nonce = Math.max(stream?.record.next ?? 0, used);
    const record = { ...rest, nonce };
    const firstOpen = stream?.record.firstOpen ?? nonce;
    const id = transactionId(this.name, nonce);
    const { committed, version } = await this.#commit(guard, [
      this.#streams.put(this.name, { next: nonce + 1, firstOpen }, stream?.version ?? ABSENT),
      this.#intents.put(intentId, { stream: this.name, nonce }, intent?.version ?? ABSENT),
      this.#transactions.put(id, record, ABSENT),
    ]);
    return committed ? { id, record, version } : undefined;
  }

  /**
   * Stores a nonce's new state.
   * @throws EnvironmentError QUEUE_LEASE_LOST, also if the record was changed by another
   */
  async update(
    stored: StoredRecord<TransactionRecord>,
    change: Partial<TransactionRecord>,
    guard: LeaseGuard,
  ): Promise<StoredRecord<TransactionRecord>> {
    const record = { ...stored.record, ...change };
    const put = this.#transactions.put(stored.id, record, stored.version);
    const { committed, version } = await this.#commit(guard, [put]);
    if (!committed) throw leaseLost(this.name);
    return { id: stored.id, record, version };
  }

  /** The nonces that are not known to be final, in their order. */
  async open(): Promise<StoredRecord<TransactionRecord>[]> {
    const stream = await this.#streams.get(this.name);
    if (stream === undefined) return [];
    const { firstOpen } = stream.record;
    const after = firstOpen === 0 ? {} : { after: transactionId(this.name, firstOpen - 1) };
    const found: StoredRecord<TransactionRecord>[] = [];
    for await (const stored of this.#transactions.list(`${this.name}-`, after)) found.push(stored);
    return found;
  }

  /**
   * Opens nonces again that were final and are not used any more: the chain was reorganised deeper
   * than its confirmations. Their transactions are waited for, and sent, like others; whether there
   * were such. @throws EnvironmentError QUEUE_LEASE_LOST
   */
  async reopen(used: number, guard: LeaseGuard): Promise<boolean> {
    const stream = await this.#streams.get(this.name);
    if (stream === undefined || used >= stream.record.firstOpen) return false;
    const after = used === 0 ? {} : { after: transactionId(this.name, used - 1) };
    const reopened: StoreOperation[] = [];
    for await (const { id, record, version } of this.#transactions.list(`${this.name}-`, after)) {
      if (record.final) reopened.push(this.#transactions.put(id, unmined(record), version));
    }
    const record = { ...stream.record, firstOpen: used };
    await this.#commit(guard, [this.#streams.put(this.name, record, stream.version), ...reopened]);
    return true;
  }

  /** Notes that all nonces below are final. @throws EnvironmentError QUEUE_LEASE_LOST */
  async settle(below: number, guard: LeaseGuard): Promise<void> {
    const stream = await this.#streams.get(this.name);
    if (stream === undefined || stream.record.firstOpen >= below) return;
    const record = { ...stream.record, firstOpen: below };
    await this.#commit(guard, [this.#streams.put(this.name, record, stream.version)]);
  }

  /**
   * Forgets final nonces whose last transaction was signed before a time, and what they were for; how
   * many. @throws EnvironmentError QUEUE_LEASE_LOST
   */
  async prune(signedBefore: number, guard: LeaseGuard): Promise<number> {
    const stream = await this.#streams.get(this.name);
    let pruned = 0;
    for await (const { id, record } of this.#transactions.list(`${this.name}-`)) {
      if (record.nonce >= (stream?.record.firstOpen ?? 0)) break;
      const signedAt = record.attempts.at(-1)?.signedAt ?? record.reservedAt;
      if (signedAt >= signedBefore) continue;
      const intent = await this.#intents.get(record.intentId);
      // An intent that was sent again has another nonce by now.
      const isItsOwn = intent?.record.stream === this.name && intent.record.nonce === record.nonce;
      await this.#commit(guard, [
        this.#transactions.delete(id),
        ...(isItsOwn ? [this.#intents.delete(record.intentId, intent.version)] : []),
      ]);
      pruned += 1;
    }
    return pruned;
  }

  async #commit(guard: LeaseGuard, operations: readonly StoreOperation[]) {
    const result = await this.#store.commit([guard, ...operations]);
    if (result.committed) return result;
    if (result.conflict === guard.key) throw leaseLost(this.name);
    return { committed: false, version: ABSENT } as const;
  }
}

/**
 * Whether an intent may get another nonce: its own was used by something else, so deep that none
 * of its transactions can be mined any more.
 */
export function mayBeSentAgain({ state, final }: TransactionRecord): boolean {
  return final && (state === 'cancelled' || state === 'replaced');
}

function leaseLost(name: string): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_LEASE_LOST',
    what: `another process has taken over ${name}`,
    hint: 'It goes on with what was begun here.',
  });
}
