/** Children that do the same work, each for one task at a time. */
import { SupervisedChild, type SupervisedChildOptions } from './supervised-child.ts';

/** What children work on; they remember it for the next time. */
interface PooledChild {
  readonly child: SupervisedChild;
  /** What each has worked on last. */
  lastKey: string | undefined;
  isBusy: boolean;
}

/**
 * At most so many children, begun as they are needed. A task has a child to itself: when it must be
 * killed, no other suffers.
 */
export class ChildPool {
  readonly #children: readonly PooledChild[];
  #waiting: (() => void)[] = [];

  constructor(size: number, options: SupervisedChildOptions) {
    this.#children = Array.from({ length: size }, () => ({
      child: new SupervisedChild(options),
      lastKey: undefined,
      isBusy: false,
    }));
  }

  /**
   * Has an idle child do something; of several, the one that worked on this key last, which may
   * still have it in memory. Waits while all are busy.
   */
  async use<R>(
    key: string,
    action: (child: SupervisedChild) => Promise<R>,
    signal?: AbortSignal,
  ): Promise<R> {
    const pooled = await this.#take(key, signal);
    try {
      return await action(pooled.child);
    } finally {
      pooled.isBusy = false;
      this.#wake();
    }
  }

  /** All of them, those that do not run too. */
  get children(): readonly SupervisedChild[] {
    return this.#children.map(({ child }) => child);
  }

  /** Kills all of them. */
  async close(): Promise<void> {
    await Promise.all(this.#children.map(({ child }) => child.close()));
  }

  async #take(key: string, signal: AbortSignal | undefined): Promise<PooledChild> {
    for (;;) {
      signal?.throwIfAborted();
      const idle = this.#children.filter(({ isBusy }) => !isBusy);
      const chosen =
        idle.find(({ lastKey }) => lastKey === key) ??
        idle.find(({ child }) => child.processId !== undefined) ??
        idle[0];
      if (chosen !== undefined) return Object.assign(chosen, { isBusy: true, lastKey: key });
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  /** All look again: one that was woken may no longer want a child. */
  #wake(): void {
    const woken = this.#waiting;
    this.#waiting = [];
    for (const wake of woken) wake();
  }
}
