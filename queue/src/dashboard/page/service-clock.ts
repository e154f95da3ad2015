/** The service's clock as the browser knows it: ages are wrong by the differences of clocks else. */
export class ServiceClock {
  #aheadMs = 0;

  /** Takes the time that an answer of just now carries. */
  take(at: number): void {
    this.#aheadMs = at - Date.now();
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }
}
