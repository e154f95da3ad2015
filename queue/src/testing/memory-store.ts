/** A store in memory: the slow and obvious twin of `LevelStore`, and what tests of others use. */
import { EnvironmentError } from '@zkinfer/core';
import type { JsonValue } from '../json-value.ts';
import { requireKeys } from '../store/commit-group.ts';
import {
  ABSENT,
  type CommitResult,
  type ListOptions,
  type Store,
  type Stored,
  type StoreEntry,
  type StoreOperation,
} from '../store/store.ts';

/** `Store` in memory; what it holds is gone when it is. */
export class MemoryStore implements Store {
  readonly #entries = new Map<string, Stored>();
  #lastVersion = 0;
  #closed = false;

  async get(key: string): Promise<Stored | undefined> {
    this.#requireOpen();
    return structuredClone(this.#entries.get(key));
  }

  async commit(operations: readonly StoreOperation[]): Promise<CommitResult> {
    this.#requireOpen();
    requireKeys(operations);
    for (const { key, ifVersion } of operations) {
      const version = this.#entries.get(key)?.version ?? ABSENT;
      if (ifVersion !== undefined && ifVersion !== version) {
        return { committed: false, conflict: key };
      }
    }
    const version = ++this.#lastVersion;
    for (const operation of structuredClone(operations)) {
      if (operation.type === 'put') {
        this.#entries.set(operation.key, { value: operation.value, version });
      }
      if (operation.type === 'delete') this.#entries.delete(operation.key);
    }
    return { committed: true, version };
  }

  async putIfAbsent(key: string, value: JsonValue): Promise<boolean> {
    return this.compareAndSet(key, ABSENT, value);
  }

  async compareAndSet(key: string, version: number, value: JsonValue): Promise<boolean> {
    const result = await this.commit([{ type: 'put', key, value, ifVersion: version }]);
    return result.committed;
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<StoreEntry> {
    this.#requireOpen();
    const { after, limit = Number.POSITIVE_INFINITY, reverse = false } = options;
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(prefix)).sort();
    if (reverse) keys.reverse();
    const chosen = keys
      .filter((key) => after === undefined || (reverse ? key < after : key > after))
      .slice(0, limit);
    const entries = chosen.map((key) => ({ key, ...structuredClone(this.#entries.get(key)!) }));
    yield* entries;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #requireOpen(): void {
    if (!this.#closed) return;
    throw new EnvironmentError({ code: 'QUEUE_STORE_CLOSED', what: 'the store was closed' });
  }
}
