/** What a run has started, to be ended with it: at its end, when it fails, and on Ctrl-C. */

/** Ends the latest first. */
export class EndInOrder {
  readonly #started: AsyncDisposable[] = [];
  #ending: Promise<void> | undefined;

  /** Remembers something that was started, and gives it back. */
  keep<T extends AsyncDisposable>(started: T): T {
    this.#started.push(started);
    return started;
  }

  /** Ends everything; twice does no harm. */
  end(): Promise<void> {
    this.#ending ??= this.#endAll();
    return this.#ending;
  }

  async #endAll(): Promise<void> {
    for (const started of this.#started.reverse()) await started[Symbol.asyncDispose]();
  }
}
