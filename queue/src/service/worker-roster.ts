/** The workers that have told of themselves lately. */
import type { WorkerStatus } from '@zkinfer/core/service';

/** A worker tells of itself every few seconds; after so long without a word it is gone. */
const SILENT_MS = 30_000;

/** Who works. */
export class WorkerRoster {
  readonly #workers = new Map<
    string,
    { readonly status: WorkerStatus; readonly heardAt: number }
  >();
  readonly #now: () => number;

  /** @param now milliseconds since 1970; clocks of other machines do not matter */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes a worker's word for what it is. */
  hear(status: WorkerStatus): void {
    this.#workers.set(status.workerId, { status, heardAt: this.#now() });
  }

  /** Those that are there, by name. */
  list(): WorkerStatus[] {
    for (const [id, { heardAt }] of this.#workers) {
      if (heardAt < this.#now() - SILENT_MS) this.#workers.delete(id);
    }
    const statuses = [...this.#workers.values()].map(({ status }) => status);
    return statuses.sort((a, b) => (a.workerId < b.workerId ? -1 : 1));
  }

  /** Proofs that they make at a time. */
  provers(): number {
    const working = this.list().filter(({ draining }) => !draining);
    return working.reduce((sum, { concurrency }) => sum + concurrency, 0);
  }
}
