/**
 * The store in a LevelDB directory, which one process at a time can open. Commits that wait are
 * written together in one flushed LevelDB batch, which is applied whole or not at all after a
 * crash: a thousand commits at once cost a few flushes of the disk, not a thousand.
 */
import { EnvironmentError, IntegrityError, type ZkinferError } from '@zkinfer/core';
import { ClassicLevel } from 'classic-level';
import type { JsonValue } from '../json-value.ts';
import { conditionalKeys, type DecidedGroup, decideGroup, requireKeys } from './commit-group.ts';
import {
  type CommitOptions,
  type CommitResult,
  endOfPrefix,
  type ListOptions,
  type Store,
  type Stored,
  type StoreEntry,
  type StoreOperation,
} from './store.ts';

interface PendingCommit {
  readonly operations: readonly StoreOperation[];
  readonly flush: boolean;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Bounds the memory of one write, and how long a commit waits behind others. */
const LARGEST_GROUP = 512;

/** Above all printable keys, so that no listing meets it. */
const META_KEY = '\u007fmeta';
const LAYOUT = 1;

/** `Store` over classic-level. */
export class LevelStore implements Store {
  readonly #db: ClassicLevel<string, string>;
  readonly #pending: PendingCommit[] = [];
  #lastVersion: number;
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(db: ClassicLevel<string, string>, lastVersion: number) {
    this.#db = db;
    this.#lastVersion = lastVersion;
  }

  /**
   * Opens the store of a directory, which is created if there is none.
   * @throws EnvironmentError QUEUE_STORE_LOCKED when another process has it open,
   *   QUEUE_STORE_FAILED when it cannot be read or written; IntegrityError QUEUE_STORE_CORRUPT,
   *   QUEUE_STORE_LAYOUT when it was written by another version
   */
  static async open(directory: string): Promise<LevelStore> {
    const db = new ClassicLevel<string, string>(directory);
    try {
      await db.open();
    } catch (cause) {
      throw openError(cause, directory);
    }
    try {
      return new LevelStore(db, readMeta(await db.get(META_KEY)));
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  async get(key: string): Promise<Stored | undefined> {
    const text = await this.#attempt(() => this.#db.get(key));
    return text === undefined ? undefined : decode(text);
  }

  commit(
    operations: readonly StoreOperation[],
    { flush = true }: CommitOptions = {},
  ): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      if (this.#closing !== undefined) throw closedError();
      requireKeys(operations);
      this.#pending.push({ operations: structuredClone(operations), flush, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async putIfAbsent(key: string, value: JsonValue): Promise<boolean> {
    return this.compareAndSet(key, 0, value);
  }

  async compareAndSet(key: string, version: number, value: JsonValue): Promise<boolean> {
    const result = await this.commit([{ type: 'put', key, value, ifVersion: version }]);
    return result.committed;
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<StoreEntry> {
    const { after, limit = -1, reverse = false } = options;
    const range =
      after === undefined
        ? { gte: prefix, lt: endOfPrefix(prefix) }
        : reverse
          ? { gte: prefix, lt: after }
          : { gt: after, lt: endOfPrefix(prefix) };
    const iterator = await this.#attempt(async () =>
      this.#db.iterator({ ...range, limit, reverse }),
    );
    try {
      for (;;) {
        const entry = await this.#attempt(() => iterator.next());
        if (entry === undefined) return;
        yield { key: entry[0], ...decode(entry[1]) };
      }
    } finally {
      await iterator.close();
    }
  }

  close(): Promise<void> {
    this.#closing ??= (this.#writing ?? Promise.resolve()).then(() => this.#db.close());
    return this.#closing;
  }

  async #writeAll(): Promise<void> {
    // Lets the commits of this turn gather.
    await Promise.resolve();
    while (this.#pending.length > 0) await this.#writeGroup(this.#pending.splice(0, LARGEST_GROUP));
    this.#writing = undefined;
  }

  async #writeGroup(group: readonly PendingCommit[]): Promise<void> {
    try {
      const commits = group.map(({ operations }) => operations);
      const versions = await this.#versionsOf(conditionalKeys(commits));
      const decided = decideGroup(commits, versions, this.#lastVersion);
      const sync = group.some(({ flush }) => flush);
      if (decided.lastVersion > this.#lastVersion) await this.#write(decided, sync);
      this.#lastVersion = decided.lastVersion;
      group.forEach(({ resolve }, i) => {
        resolve(decided.results[i]!);
      });
    } catch (cause) {
      const error = failedError(cause);
      for (const { reject } of group) reject(error);
    }
  }

  async #versionsOf(keys: string[]): Promise<Map<string, number>> {
    const texts = await this.#db.getMany(keys);
    const found = keys.map((key, i) => [key, texts[i]] as const);
    return new Map(
      found.flatMap(([key, text]) => (text === undefined ? [] : [[key, decode(text).version]])),
    );
  }

  async #write({ changes, lastVersion }: DecidedGroup, sync: boolean): Promise<void> {
    const batch = [...changes].map(([key, state]) =>
      state === undefined
        ? ({ type: 'del', key } as const)
        : ({ type: 'put', key, value: JSON.stringify([state.version, state.value]) } as const),
    );
    const meta = JSON.stringify({ layout: LAYOUT, lastVersion });
    const whole = [...batch, { type: 'put', key: META_KEY, value: meta } as const];
    await this.#db.batch(whole, { sync });
  }

  async #attempt<T>(action: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw closedError();
    try {
      return await action();
    } catch (cause) {
      throw failedError(cause);
    }
  }
}

function decode(text: string): Stored {
  const [version, value] = JSON.parse(text) as [number, JsonValue];
  return { version, value };
}

function readMeta(text: string | undefined): number {
  if (text === undefined) return 0;
  const meta = JSON.parse(text) as { layout: number; lastVersion: number };
  if (meta.layout === LAYOUT) return meta.lastVersion;
  throw new IntegrityError({
    code: 'QUEUE_STORE_LAYOUT',
    what: 'the store was written by another version of zkinfer',
    got: `layout ${meta.layout}`,
    expected: `layout ${LAYOUT}`,
  });
}

function openError(cause: unknown, directory: string): ZkinferError {
  const code = causeCode(cause);
  if (code === 'LEVEL_LOCKED') {
    return new EnvironmentError({
      code: 'QUEUE_STORE_LOCKED',
      what: `the store ${directory} is open in another process`,
      hint: 'Stop the other service, or give this one a directory of its own.',
      cause,
    });
  }
  if (code === 'LEVEL_CORRUPTION') {
    return new IntegrityError({
      code: 'QUEUE_STORE_CORRUPT',
      what: `the store ${directory} is damaged`,
      hint: 'Restore it from a backup.',
      cause,
    });
  }
  return failedError(cause);
}

function failedError(cause: unknown): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_STORE_FAILED',
    what: 'the store cannot be read or written',
    got: causeCode(cause) ?? String(cause),
    hint: 'Check free space and permissions of its directory, then restart.',
    cause,
  });
}

function closedError(): EnvironmentError {
  return new EnvironmentError({ code: 'QUEUE_STORE_CLOSED', what: 'the store was closed' });
}

/** abstract-level says "not open" and keeps the reason in the cause. */
function causeCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner = causeCode(error.cause);
  if (inner !== undefined) return inner;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
