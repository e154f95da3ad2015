/** A store as a process sees it that is killed after so many commits. */
import type { JsonValue } from '../json-value.ts';
import type { CommitOptions, CommitResult, Store, StoreOperation } from '../store/store.ts';

/** What a process does after it died: nothing. */
export class Killed extends Error {}

/** Reads go on; every commit after the last one that is left throws `Killed`. */
export class DyingStore implements Store {
  readonly #inner: Store;
  left: number;

  constructor(inner: Store, left: number) {
    this.#inner = inner;
    this.left = left;
  }

  get(key: string) {
    return this.#inner.get(key);
  }

  list(...args: Parameters<Store['list']>) {
    return this.#inner.list(...args);
  }

  async commit(
    operations: readonly StoreOperation[],
    options?: CommitOptions,
  ): Promise<CommitResult> {
    if (this.left-- <= 0) throw new Killed();
    return this.#inner.commit(operations, options);
  }

  async putIfAbsent(key: string, value: JsonValue): Promise<boolean> {
    return this.compareAndSet(key, 0, value);
  }

  async compareAndSet(key: string, version: number, value: JsonValue): Promise<boolean> {
    const put = { type: 'put', key, value, ifVersion: version } as const;
    return (await this.commit([put])).committed;
  }

  async close(): Promise<void> {}
}
