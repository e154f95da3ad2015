/** Loops whose failures are logged, and remembered until they succeed again. */
import { type Logger, ZkinferError } from '@zkinfer/core';
import { PollLoop } from '../chain/poll-loop.ts';
import { UNEXPECTED_ERROR } from '../jobs/classify-error.ts';

/** What a service does again and again. */
export class WatchedLoops {
  readonly #subject: string;
  readonly #log: Logger;
  readonly #loops: PollLoop[] = [];
  /** What fails at the moment, by what is tried. */
  readonly #problems = new Map<string, string>();

  /** @param subject what the loops are about, for logs */
  constructor(subject: string, logger: Logger) {
    this.#subject = subject;
    this.#log = logger;
  }

  /** Begins a round now, and again at this interval. @param what such as `following` */
  start(what: string, intervalMs: number, round: () => Promise<unknown>): void {
    const watched = async () => {
      try {
        await round();
        this.#problems.delete(what);
      } catch (error) {
        const code = error instanceof ZkinferError ? error.code : UNEXPECTED_ERROR;
        this.#problems.set(what, `${what}: ${code}`);
        throw error;
      }
    };
    const failed = `${what} of ${this.#subject} failed`;
    this.#loops.push(new PollLoop(watched, { intervalMs, logger: this.#log, failed }));
  }

  /** What fails at the moment, with codes; null while all is well. */
  get problem(): string | null {
    return [...this.#problems.values()].join('; ') || null;
  }

  /** Waits for the rounds that are under way. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }
}
