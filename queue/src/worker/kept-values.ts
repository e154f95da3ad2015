/** What is kept in memory for the next time, within a number of bytes. */
import { EnvironmentError } from '@zkinfer/core';

interface KeptValue<V> {
  readonly value: V;
  readonly bytes: number;
}

/** Values by name; those that were not used for longest make room for others. */
export class KeptValues<V> {
  readonly #limitBytes: number;
  readonly #forget: (value: V) => Promise<void>;
  /** The one that was used last comes last. */
  readonly #kept = new Map<string, KeptValue<V>>();

  /** @param forget gives back what a value holds, before its bytes are used for another */
  constructor(limitBytes: number, forget: (value: V) => Promise<void>) {
    this.#limitBytes = limitBytes;
    this.#forget = forget;
  }

  /** Of all values together. */
  get bytes(): number {
    return [...this.#kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** A value, which is now the one used last. */
  use(name: string): V | undefined {
    const found = this.#kept.get(name);
    if (found === undefined) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, found);
    return found.value;
  }

  /**
   * Forgets what was not used for longest until so many bytes are free.
   * @throws EnvironmentError QUEUE_MEMORY_LIMIT when even all of them are not enough; then nothing is
   *   forgotten
   */
  async makeRoom(bytes: number): Promise<void> {
    if (bytes > this.#limitBytes) throw limitError(bytes, this.#limitBytes);
    for (const [name, { value }] of this.#kept) {
      if (this.bytes + bytes <= this.#limitBytes) return;
      this.#kept.delete(name);
      await this.#forget(value);
    }
  }

  /** Keeps a value under a name that is not in use. @throws as `makeRoom`; then it is forgotten */
  async keep(name: string, value: V, bytes: number): Promise<void> {
    try {
      await this.makeRoom(bytes);
    } catch (error) {
      await this.#forget(value);
      throw error;
    }
    this.#kept.set(name, { value, bytes });
  }
}

function limitError(needed: number, limit: number): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_MEMORY_LIMIT',
    what: 'a model needs more memory than this worker may use for one',
    got: `a limit of ${limit} bytes`,
    expected: `${needed} bytes`,
    hint: 'Raise --memory, or lower --concurrency, which shares it.',
  });
}
