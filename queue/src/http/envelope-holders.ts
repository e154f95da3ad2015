/**
 * Who has given which input for a request on chain. Whoever knows an envelope knows its salt, and so
 * may see the output that belongs to it: it opens with the same salt (`outputSalt`).
 */
import { readInteger, readObject } from '@zkinfer/core';
import { type RecordKind, Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';

/** Milliseconds since 1970, of the last time. */
const HOLDERS: RecordKind<number> = {
  name: 'envelope-holder',
  form: 1,
  write: (givenAt) => ({ givenAt }),
  read: (data, path) => readInteger(readObject(data, path, ['givenAt']).givenAt, `${path}.givenAt`),
};

/** The holders of one store. */
export class EnvelopeHolders {
  readonly #store: Store;
  readonly #records: Records<number>;

  constructor(store: Store) {
    this.#store = store;
    this.#records = new Records(store, HOLDERS);
  }

  /** Notes that a client gave an envelope that commits to this hash. */
  async add(inputHash: string, client: string): Promise<void> {
    await this.#store.commit([this.#records.put(idOf(inputHash, client), Date.now())]);
  }

  async has(inputHash: string, client: string): Promise<boolean> {
    return (await this.#records.get(idOf(inputHash, client))) !== undefined;
  }

  /** Forgets those who gave theirs before a time; how many. */
  async prune(givenBefore: number): Promise<number> {
    let pruned = 0;
    for await (const { id, record, version } of this.#records.list()) {
      if (record >= givenBefore) continue;
      const { committed } = await this.#store.commit([this.#records.delete(id, version)]);
      if (committed) pruned += 1;
    }
    return pruned;
  }
}

function idOf(inputHash: string, client: string): string {
  return `${inputHash}/${client}`;
}
