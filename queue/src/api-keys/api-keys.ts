/** The keys that a running service accepts: those of the file as it is now. */
import { timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { InputError, type Logger, SILENT_LOGGER } from '@zkinfer/core';
import { type ApiKey, digestOfApiKey } from './api-key.ts';
import { readApiKeys } from './api-key-file.ts';

/** How the keys of a file are watched. */
export interface ApiKeysOptions {
  readonly logger?: Logger;
  /** Changes of the file count within so long, 1 s unless told. */
  readonly reloadMs?: number;
}

const DEFAULT_RELOAD_MS = 1_000;

/** Reads its file again when it has changed. */
export class ApiKeys {
  readonly #path: string | undefined;
  readonly #logger: Logger;
  readonly #reloadMs: number;
  #keys: readonly ApiKey[] = [];
  /** Of the file that `#keys` came from. */
  #version = '';
  #checkedAt = 0;
  #reloading: Promise<void> | undefined;

  private constructor(path: string | undefined, options: ApiKeysOptions) {
    this.#path = path;
    this.#logger = options.logger ?? SILENT_LOGGER;
    this.#reloadMs = options.reloadMs ?? DEFAULT_RELOAD_MS;
  }

  /** @throws as `readApiKeys` */
  static async open(path: string, options: ApiKeysOptions = {}): Promise<ApiKeys> {
    const keys = new ApiKeys(path, options);
    keys.#version = await versionOf(path);
    keys.#keys = await readApiKeys(path);
    keys.#checkedAt = Date.now();
    return keys;
  }

  /** No keys at all, for a service that only serves its own machine. */
  static none(): ApiKeys {
    return new ApiKeys(undefined, {});
  }

  /**
   * The entry of a key; undefined if there is none. Takes as long whichever key it is: all digests
   * are compared, each in constant time.
   */
  async find(text: string): Promise<ApiKey | undefined> {
    await this.#reload();
    const digest = digestOfApiKey(text);
    if (digest === undefined) return undefined;
    return this.#keys.filter((key) => timingSafeEqual(Buffer.from(key.sha256, 'hex'), digest))[0];
  }

  /** The key of a name, as long as it is not revoked. */
  async named(name: string): Promise<ApiKey | undefined> {
    await this.#reload();
    return this.#keys.find((key) => key.name === name);
  }

  #reload(): Promise<void> | void {
    if (this.#path === undefined || Date.now() - this.#checkedAt < this.#reloadMs) return;
    this.#reloading ??= this.#readAgain(this.#path).finally(() => {
      this.#checkedAt = Date.now();
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  /** A file that cannot be read leaves the keys as they are; one that is gone leaves none. */
  async #readAgain(path: string): Promise<void> {
    try {
      const version = await versionOf(path);
      if (version === this.#version) return;
      this.#keys = version === '' ? [] : await readApiKeys(path);
      this.#version = version;
      this.#logger.info({ keys: this.#keys.length }, 'the API keys were read again');
    } catch (error) {
      const code = error instanceof InputError ? error.code : 'CORE_READ_FAILED';
      this.#logger.error({ code }, 'the API keys cannot be read; those from before go on');
    }
  }
}

/** Changes with the file; empty when there is none. */
async function versionOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
