/** Asks again and again while somebody looks: a hidden tab asks nothing. */

/** How a poll goes. */
export interface VisiblePollOptions {
  readonly intervalMs: number;
  /** After errors the interval doubles up to this. */
  readonly longestMs: number;
  round(): Promise<void>;
  /** A round threw; the next one begins after `delayMs`. */
  failed(error: unknown, delayMs: number): void;
}

/** One poll; it begins at once, and runs until the page is left. */
export class VisiblePoll {
  readonly #options: VisiblePollOptions;
  #timer: number | undefined;
  #running = false;
  #again = false;
  #failures = 0;

  constructor(options: VisiblePollOptions) {
    this.#options = options;
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.now();
    });
    this.now();
  }

  /** A round now, or right after the one that is under way. */
  now(): void {
    clearTimeout(this.#timer);
    if (this.#running) this.#again = true;
    else void this.#round();
  }

  async #round(): Promise<void> {
    this.#running = true;
    this.#again = false;
    const delayMs = await this.#attempt();
    this.#running = false;
    if (this.#again) this.now();
    else this.#timer = setTimeout(() => document.hidden || this.now(), delayMs);
  }

  /** How long to wait after it. */
  async #attempt(): Promise<number> {
    const { intervalMs, longestMs, round, failed } = this.#options;
    try {
      await round();
      this.#failures = 0;
      return intervalMs;
    } catch (error) {
      this.#failures += 1;
      const delayMs = Math.min(longestMs, intervalMs * 2 ** Math.min(this.#failures, 20));
      failed(error, delayMs);
      return delayMs;
    }
  }
}
