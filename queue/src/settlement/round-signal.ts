/** Lets many wait for the next time that something was looked at. */

/** Told by whoever looks, waited for by whoever depends on it. */
export class RoundSignal {
  #waiting = new Set<() => void>();

  /** Wakes all that wait. */
  tell(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  /** Resolves at the next round. @throws the signal's reason when it is aborted */
  async next(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    let wake = () => {};
    try {
      await new Promise<void>((resolve) => {
        wake = resolve;
        this.#waiting.add(resolve);
        signal.addEventListener('abort', wake, { once: true });
      });
    } finally {
      this.#waiting.delete(wake);
      signal.removeEventListener('abort', wake);
    }
    signal.throwIfAborted();
  }
}
