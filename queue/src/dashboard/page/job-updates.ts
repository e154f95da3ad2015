/** A job as it goes on: the service's stream of events, or asking where a stream is not to be had. */
import type { JobView } from '@zkinfer/core/service';
import { fetchJob, jobUpdatesUrl } from './service-client.ts';

/** Where the stream is refused. */
const ASK_EVERY_MS = 3_000;

/** Who is told of the job. */
export interface JobListener {
  update(job: JobView): void;
  failed(error: unknown): void;
}

/** Follows one job until it has ended or `stop` is called; a job that is revived is followed anew. */
export class JobUpdates {
  readonly #id: string;
  readonly #listener: JobListener;
  #stream: EventSource | undefined;
  #timer: number | undefined;
  #stopped = false;

  constructor(id: string, listener: JobListener) {
    this.#id = id;
    this.#listener = listener;
    void this.ask();
  }

  /** Asks for the job now, and follows it if it is active. */
  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const job = await fetchJob(this.#id);
      this.#take(job);
      if (job.status === 'active' && !this.#stopped) this.#listen();
    } catch (error) {
      if (!this.#stopped) this.#listener.failed(error);
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#stream?.close();
  }

  #listen(): void {
    this.#stream?.close();
    const stream = new EventSource(jobUpdatesUrl(this.#id));
    this.#stream = stream;
    stream.addEventListener('message', (event) => {
      const job = JSON.parse(event.data as string) as JobView;
      this.#take(job);
      // The browser would open a stream that has ended again and again.
      if (job.status !== 'active') stream.close();
    });
    stream.addEventListener('error', () => {
      if (stream.readyState !== EventSource.CLOSED || this.#stopped) return;
      this.#timer = setTimeout(() => this.ask(), ASK_EVERY_MS);
    });
  }

  #take(job: JobView): void {
    if (!this.#stopped) this.#listener.update(job);
  }
}
