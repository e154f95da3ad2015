/**
 * Input salts for those who send reals and choose none. They follow from a secret of this store and
 * the name of the request, so that a request that is sent twice is the same one, salt included.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { readHexDigest, readObject } from '@zkinfer/core';
import { type RecordKind, Records } from '../store/records.ts';
import { ABSENT, type Store } from '../store/store.ts';

/** Hexadecimal. */
const SALT_SECRETS: RecordKind<string> = {
  name: 'salt-secret',
  form: 1,
  write: (secret) => ({ secret }),
  read: (data, path) => readHexDigest(readObject(data, path, ['secret']).secret, `${path}.secret`),
};

const SECRET_BYTES = 32;

/** 248 bits, as `randomSalt` draws: all below r. */
const SALT_BYTES = 31;

/** The salts of one store. */
export class SaltSource {
  readonly #secret: Buffer;

  private constructor(secret: string) {
    this.#secret = Buffer.from(secret, 'hex');
  }

  /** Draws the store's secret if it has none. @throws the store's errors */
  static async open(store: Store): Promise<SaltSource> {
    const secrets = new Records(store, SALT_SECRETS);
    const drawn = randomBytes(SECRET_BYTES).toString('hex');
    await store.commit([secrets.put('http', drawn, ABSENT)]);
    const stored = await secrets.get('http');
    return new SaltSource(stored!.record);
  }

  /** The salt of one request of a client. */
  saltOf(client: string, idempotencyKey: string): bigint {
    const text = JSON.stringify([client, idempotencyKey]);
    const digest = createHmac('sha256', this.#secret).update(text).digest();
    return BigInt(`0x${digest.subarray(0, SALT_BYTES).toString('hex')}`);
  }
}
