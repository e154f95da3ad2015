/** Work that several callers want at once is done once. */
import { untilAborted } from '../until-aborted.ts';

interface Call<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Calls by key; each goes on for as long as somebody waits for it. */
export class SharedCalls<T> {
  readonly #calls = new Map<string, Call<T>>();

  /**
   * What the call under way for this key gives, or a new one. Its signal is aborted when every
   * caller's is.
   * @throws what the work throws; the reason of the caller's signal
   */
  async run(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted();
    const call = this.#calls.get(key) ?? this.#begin(key, work);
    call.waiting++;
    try {
      return await untilAborted(call.result, signal);
    } finally {
      call.waiting--;
      if (call.waiting === 0) this.#end(key, call, signal?.reason);
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<T>): Call<T> {
    const controller = new AbortController();
    const result = work(controller.signal);
    // Whoever waits hears of it; that nobody does any more is no defect.
    result.catch(() => {});
    const call = { result, controller, waiting: 0 };
    this.#calls.set(key, call);
    return call;
  }

  #end(key: string, call: Call<T>, reason: unknown): void {
    if (this.#calls.get(key) === call) this.#calls.delete(key);
    call.controller.abort(reason);
  }
}
