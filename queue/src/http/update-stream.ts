/** One connection that server-sent events go out on (WHATWG HTML, 9.2). */
import type { ServerResponse } from 'node:http';
import type { JobView } from '@zkinfer/core/service';

/** A reader that takes nothing for so many heartbeats is gone. */
const PATIENCE = 4;

/** How long a browser waits before it connects again. */
const RETRY_MS = 3_000;

/** A job at one moment. */
export interface JobUpdate {
  /** Grows as the job goes on; the same for changes of progress alone. */
  readonly number: number;
  readonly view: JobView;
  readonly isLast: boolean;
}

/** Keeps at most one event back: the latest. */
export class UpdateStream {
  readonly #response: ServerResponse;
  readonly #isStillValid: () => Promise<boolean>;
  readonly #heart: NodeJS.Timeout;
  #waiting: JobUpdate | undefined;
  #lastNumber = 0;
  #isBlocked = false;
  #missedBeats = 0;

  /** @param isStillValid asked with every heartbeat */
  constructor(response: ServerResponse, heartbeatMs: number, isStillValid: () => Promise<boolean>) {
    this.#response = response;
    this.#isStillValid = isStillValid;
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // Proxies that buffer would hold events back.
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
    response.on('drain', () => this.#drained());
    this.#heart = setInterval(() => void this.#beat(), heartbeatMs);
    this.onEnd(() => clearInterval(this.#heart));
  }

  /**
   * Sends a job as it stands, now or when what was sent before is taken; then ends, if it is the
   * last. What is older than what was sent is dropped.
   */
  send(update: JobUpdate): void {
    if (update.number < this.#lastNumber) return;
    this.#lastNumber = update.number;
    if (this.#isBlocked) this.#waiting = update;
    else this.#write(update);
  }

  /** Called once, however it ends. */
  onEnd(listener: () => void): void {
    this.#response.once('close', listener);
  }

  end(): void {
    this.#response.end();
  }

  #write({ number, view, isLast }: JobUpdate): void {
    if (this.#response.writableEnded) return;
    this.#isBlocked = !this.#response.write(`id: ${number}\ndata: ${JSON.stringify(view)}\n\n`);
    if (isLast) this.end();
  }

  #drained(): void {
    this.#isBlocked = false;
    this.#missedBeats = 0;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) this.#write(waiting);
  }

  async #beat(): Promise<void> {
    if (this.#isBlocked) {
      this.#missedBeats += 1;
      if (this.#missedBeats >= PATIENCE) this.#response.destroy();
      return;
    }
    if (!(await this.#isStillValid().catch(() => true))) this.end();
    else if (!this.#response.writableEnded) this.#isBlocked = !this.#response.write(': alive\n\n');
  }
}
