/** The requests of one contract in the store, listed by their states. */
import { Records, type StoredRecord } from '../store/records.ts';
import { ABSENT, type Store, type StoreOperation } from '../store/store.ts';
import {
  REQUEST_RECORDS,
  REQUEST_STATES,
  type RequestRecord,
  type RequestState,
} from './request-record.ts';

/** States in which the contract may still hold a request as open. */
export const LIVE_STATES: readonly RequestState[] = ['open', 'skipped', 'admitted'];

/** The index of requests by state. */
const STATE_INDEX = 'chain-request-state';

/** Requests of one contract. */
export class RequestBook {
  readonly #store: Store;
  readonly #records: Records<RequestRecord>;
  readonly #prefix: string;

  constructor(store: Store, chainId: bigint, coprocessor: string) {
    this.#store = store;
    this.#records = new Records(store, REQUEST_RECORDS);
    this.#prefix = `${chainId}-${coprocessor.slice(2).toLowerCase()}`;
  }

  get(requestId: string): Promise<StoredRecord<RequestRecord> | undefined> {
    return this.#records.get(this.#idOf(requestId));
  }

  /** Requests in a state, by their ids; one that changes meanwhile may be missing. */
  async *list(state: RequestState, limit?: number): AsyncGenerator<RequestRecord> {
    const prefix = `${STATE_INDEX}/${state}/${this.#prefix}-`;
    const range = limit === undefined ? {} : { limit };
    for await (const { key } of this.#store.list(prefix, range)) {
      const stored = await this.get(`0x${key.slice(prefix.length)}`);
      if (stored?.record.state === state) yield stored.record;
    }
  }

  /** How many requests are in a state. */
  async count(state: RequestState): Promise<number> {
    let count = 0;
    for await (const _ of this.#store.list(`${STATE_INDEX}/${state}/${this.#prefix}-`)) count += 1;
    return count;
  }

  /** What stores a request after what was read of it; undefined before: there was none. */
  operations(
    record: RequestRecord,
    before: StoredRecord<RequestRecord> | undefined,
  ): StoreOperation[] {
    const id = this.#idOf(record.requestId);
    const key = (state: RequestState) => `${STATE_INDEX}/${state}/${id}`;
    const put = this.#records.put(id, record, before?.version ?? ABSENT);
    if (before?.record.state === record.state) return [put];
    const others = REQUEST_STATES.filter((state) => state !== record.state);
    return [
      put,
      ...others.map((state) => ({ type: 'delete', key: key(state) }) as const),
      { type: 'put', key: key(record.state), value: null },
    ];
  }

  /**
   * Changes a request if it is still as it must be; a change by another is looked at again.
   * @param change gives undefined to leave it as it is
   * @returns the request as it is then; undefined if it is unknown
   */
  async change(
    requestId: string,
    change: (record: RequestRecord) => RequestRecord | undefined,
  ): Promise<RequestRecord | undefined> {
    for (;;) {
      const stored = await this.get(requestId);
      if (stored === undefined) return undefined;
      const record = change(stored.record);
      if (record === undefined) return stored.record;
      if ((await this.#store.commit(this.operations(record, stored))).committed) return record;
    }
  }

  /** Adds a request that is not known; whether it was not. */
  async add(record: RequestRecord): Promise<boolean> {
    return (await this.#store.commit(this.operations(record, undefined))).committed;
  }

  /** Forgets requests in a state that were heard of before a time; which. */
  async prune(state: RequestState, heardBefore: number): Promise<string[]> {
    const pruned: string[] = [];
    for await (const { requestId, heardAt } of this.list(state)) {
      const stored = await this.get(requestId);
      if (stored === undefined || heardAt >= heardBefore) continue;
      const id = this.#idOf(requestId);
      const { committed } = await this.#store.commit([
        this.#records.delete(id, stored.version),
        { type: 'delete', key: `${STATE_INDEX}/${state}/${id}` },
      ]);
      if (committed) pruned.push(requestId);
    }
    return pruned;
  }

  #idOf(requestId: string): string {
    return `${this.#prefix}-${requestId.slice(2)}`;
  }
}
