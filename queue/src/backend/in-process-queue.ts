/** One queue of the in-process backend: which task is due next, and who takes it. */
import { OrderedList } from './ordered-list.ts';

/** A task as the in-process backend keeps it in memory. */
export interface QueuedTask {
  readonly id: string;
  readonly priority: number;
  /** The order in which tasks came. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  dueAt: number;
}

/** Takes tasks up to a number at a time. */
export interface Taker<T extends QueuedTask> {
  hasRoom(): boolean;
  take(task: T): void;
}

/** What setTimeout can count: about 25 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Tasks that are due, by priority, and tasks that are not yet, by time. */
export class InProcessQueue<T extends QueuedTask> {
  readonly #due = new OrderedList<T>((a, b) => a.priority - b.priority || a.sequence - b.sequence);
  readonly #delayed = new OrderedList<T>((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence);
  readonly #takers = new Set<Taker<T>>();
  #timer: NodeJS.Timeout | undefined;

  get waiting(): number {
    return this.#due.size;
  }

  get delayed(): number {
    return this.#delayed.size;
  }

  add(task: T): void {
    if (task.dueAt > Date.now()) this.#delayed.insert(task);
    else this.#due.insert(task);
    this.pump();
  }

  delete(task: T): void {
    if (!this.#due.delete(task)) this.#delayed.delete(task);
  }

  addTaker(taker: Taker<T>): void {
    this.#takers.add(taker);
    this.pump();
  }

  deleteTaker(taker: Taker<T>): void {
    this.#takers.delete(taker);
  }

  /** Gives tasks that are due to takers with room; to be called when one has room again. */
  pump(): void {
    this.#promote();
    for (const taker of [...this.#takers]) {
      if (this.#due.size === 0 || !taker.hasRoom()) continue;
      // To the end of the line: one that hands tasks back must not be the first to get them again.
      this.#takers.delete(taker);
      this.#takers.add(taker);
      while (this.#due.size > 0 && taker.hasRoom()) taker.take(this.#due.takeFirst()!);
    }
  }

  /** Stops its timer: nothing is taken any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#takers.clear();
  }

  #promote(): void {
    clearTimeout(this.#timer);
    const now = Date.now();
    let next = this.#delayed.first();
    for (; next !== undefined && next.dueAt <= now; next = this.#delayed.first()) {
      this.#due.insert(this.#delayed.takeFirst()!);
    }
    if (next === undefined || this.#takers.size === 0) return;
    this.#timer = setTimeout(() => this.pump(), Math.min(next.dueAt - now, LONGEST_TIMER_MS));
  }
}
