/** How a handler gives a task back undone: by throwing this, which backends know. */

/** The longest time for which a task is held back by the consumer that did not want it. */
const LONGEST_DELAY_MS = 60_000;

/** Thrown by `Delivery.handBack`, through the handler, to the backend. No failure of anything. */
export class HandedBack extends Error {
  /** How long the task waits before it is delivered again, in milliseconds. */
  readonly delayMs: number;

  constructor(delayMs: number) {
    super(`handed back for ${delayMs} ms`);
    this.name = 'HandedBack';
    this.delayMs = Math.min(Math.max(0, Math.ceil(delayMs)), LONGEST_DELAY_MS);
  }
}

/** `Delivery.handBack`. */
export function handBack(delayMs: number): never {
  throw new HandedBack(delayMs);
}
