/** Ends the parts of something in the reverse order of their beginning, whatever fails. */
import type { Logger } from '@zkinfer/core';

/** Parts that were opened, the latest first to be closed. */
export class CloseInOrder {
  readonly #logger: Logger;
  readonly #parts: { readonly name: string; readonly close: () => unknown }[] = [];
  #closing: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Remembers how to close a part, and gives it back. */
  add<Part>(name: string, part: Part, close: (part: Part) => unknown): Part {
    this.#parts.push({ name, close: () => close(part) });
    return part;
  }

  /** One after the other; what fails is logged, and the rest closed all the same. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const { name, close } of this.#parts.reverse()) {
      try {
        await close();
      } catch (err) {
        this.#logger.error({ err, part: name }, 'a part could not be closed in order');
      }
    }
  }
}
