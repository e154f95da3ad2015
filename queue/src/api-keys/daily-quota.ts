/** How much each key has asked for today (UTC), counted in the store. */
import { InputError, readInteger, readObject, readString } from '@zkinfer/core';
import { type RecordKind, Records } from '../store/records.ts';
import { ABSENT, type Store } from '../store/store.ts';

/** What a key has used of a day. */
interface DailyUse {
  /** Such as 2026-01-31. */
  readonly day: string;
  readonly count: number;
}

const DAILY_USES: RecordKind<DailyUse> = {
  name: 'daily-use',
  form: 1,
  write: ({ day, count }) => ({ day, count }),
  read: (data, path) => {
    const use = readObject(data, path, ['day', 'count']);
    return {
      day: readString(use.day, `${path}.day`),
      count: readInteger(use.count, `${path}.count`),
    };
  },
};

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The counts of all keys. */
export class DailyQuota {
  readonly #store: Store;
  readonly #uses: Records<DailyUse>;
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#uses = new Records(store, DAILY_USES);
    this.#now = now;
  }

  /**
   * Counts one more.
   * @throws InputError QUEUE_HTTP_DAILY_QUOTA when the day's are used up; the store's errors
   */
  async reserve(name: string, limit: number): Promise<void> {
    await this.#change(name, (used) => {
      if (used >= limit) throw quotaError(limit);
      return used + 1;
    });
  }

  /** Gives one back: what it was counted for did not take place. */
  async release(name: string): Promise<void> {
    await this.#change(name, (used) => Math.max(0, used - 1));
  }

  /** Seconds until the next day begins. */
  secondsToReset(): number {
    return Math.ceil((DAY_MS - (this.#now() % DAY_MS)) / 1_000);
  }

  async #change(name: string, change: (used: number) => number): Promise<void> {
    const day = new Date(this.#now()).toISOString().slice(0, 10);
    for (;;) {
      const stored = await this.#uses.get(name);
      const count = change(stored?.record.day === day ? stored.record.count : 0);
      const put = this.#uses.put(name, { day, count }, stored?.version ?? ABSENT);
      if ((await this.#store.commit([put])).committed) return;
    }
  }
}

function quotaError(limit: number): InputError {
  return new InputError({
    code: 'QUEUE_HTTP_DAILY_QUOTA',
    what: 'the jobs of this key for today are used up',
    expected: `at most ${limit} a day, counted from midnight UTC`,
  });
}
