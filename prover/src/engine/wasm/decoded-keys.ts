import type { LoadedProvingKey } from '../../prove/load-proving-key.ts';
import { type DecodedKey, type DecodeOptions, decodeKey } from './decoded-key.ts';
import type { KernelPool } from './kernel-pool.ts';

/**
 * The keys that a pool's threads have at hand: each decoded at its first use and kept until it is released, or nobody holds the
 * loaded key any more.
 */
export class DecodedKeys {
  readonly #pool: KernelPool;
  readonly #keys = new WeakMap<LoadedProvingKey, DecodedKey>();
  readonly #forgotten = new FinalizationRegistry<DecodedKey>(({ space }) => space.close());

  constructor(pool: KernelPool) {
    this.#pool = pool;
  }

  /** Not for two calls at once with one key: both would decode it. @throws as `decodeKey` */
  async get(key: LoadedProvingKey, options: DecodeOptions): Promise<DecodedKey> {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const decoded = await decodeKey(this.#pool, key.file, options);
    this.#keys.set(key, decoded);
    this.#forgotten.register(key, decoded, decoded);
    return decoded;
  }

  /** Lets the next key have this one's memory; nothing may run on it. */
  release(key: LoadedProvingKey): void {
    const decoded = this.#keys.get(key);
    if (decoded === undefined) return;
    this.#keys.delete(key);
    this.#forgotten.unregister(decoded);
    decoded.space.close();
  }
}
