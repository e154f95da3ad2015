/**
 * What must outlive Redis and a kill: an ordered map of JSON values that changes in atomic batches
 * under preconditions. Jobs, checkpoints, nonces and leases are all built on this one contract.
 */
import type { JsonValue } from '../json-value.ts';

/** A value and its version: the number of the commit that wrote it, never used again. */
export interface Stored {
  readonly value: JsonValue;
  /** ≥ 1, and growing with every commit to the store: a key that was deleted and put again has another. */
  readonly version: number;
}

/** As a precondition: the key must be absent. */
export const ABSENT = 0;

/**
 * One step of a commit. `ifVersion` is a precondition on the state before the commit; without it
 * the step is unconditional. `check` is a precondition alone, such as a lease that must still be
 * held.
 */
export type StoreOperation =
  | {
      readonly type: 'put';
      readonly key: string;
      readonly value: JsonValue;
      readonly ifVersion?: number;
    }
  | { readonly type: 'delete'; readonly key: string; readonly ifVersion?: number }
  | { readonly type: 'check'; readonly key: string; readonly ifVersion: number };

/** Whether a commit took place; `version` is that of everything it put. */
export type CommitResult =
  | { readonly committed: true; readonly version: number }
  | {
      readonly committed: false;
      /** The first key whose precondition does not hold. */
      readonly conflict: string;
    };

/** How a commit is made. */
export interface CommitOptions {
  /**
   * Whether it is on the disk before it resolves, true unless told. Without, it survives the end of
   * the process, but perhaps not of the machine.
   */
  readonly flush?: boolean;
}

/** Which entries to list. */
export interface ListOptions {
  /** Starts after this key (before it, when reversed). */
  readonly after?: string;
  /** At most so many; all unless told. */
  readonly limit?: number;
  /** Descending keys; ascending unless told. */
  readonly reverse?: boolean;
}

/** An entry of a listing. */
export interface StoreEntry extends Stored {
  readonly key: string;
}

/**
 * Keys are strings of printable ASCII, ordered by code unit. A resolved commit is durable and seen
 * by every later read; commits take place in the order of the calls. Values are copied: changing one after a commit changes nothing.
 */
export interface Store {
  /** @throws EnvironmentError QUEUE_STORE_FAILED, QUEUE_STORE_CLOSED; so do all methods but close */
  get(key: string): Promise<Stored | undefined>;
  /**
   * All operations or, when a precondition does not hold, none. Of operations on one key the last
   * wins.
   * @throws InputError QUEUE_STORE_KEY for a key that is empty or not printable ASCII
   */
  commit(operations: readonly StoreOperation[], options?: CommitOptions): Promise<CommitResult>;
  /** A `put` if the key is absent; whether it was. */
  putIfAbsent(key: string, value: JsonValue): Promise<boolean>;
  /** A `put` if the key has this version; whether it had. */
  compareAndSet(key: string, version: number, value: JsonValue): Promise<boolean>;
  /** The entries whose keys begin with `prefix`, as they were when the listing began. */
  list(prefix: string, options?: ListOptions): AsyncIterable<StoreEntry>;
  /** Waits for commits under way. Closing twice does no harm. */
  close(): Promise<void>;
}

/** The smallest string above every key that begins with `prefix`, keys being ASCII. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u007f`;
}
