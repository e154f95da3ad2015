/**
 * Keys of the HTTP service: `zk_<role>_<64 hexadecimal digits>`, 256 random bits, shown once. What is
 * kept of a key is its SHA-256, which needs no salt and no slow hash at that length.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { CLOSED, HexDigestSchema, TimeSchema } from '@zkinfer/core/service';
import Type, { type Static } from 'typebox';

/**
 * `client` submits jobs and sees its own; `operator` sees all and may act on all; `worker` reads and
 * writes artifacts; `metrics` may scrape /metrics.
 */
export const API_KEY_ROLES = ['client', 'operator', 'worker', 'metrics'] as const;

/** What a key may do. */
export type ApiKeyRole = (typeof API_KEY_ROLES)[number];

/** A name of a key: part of job ids, logs and paths of the store. */
export const API_KEY_NAME = '^[a-z0-9][a-z0-9-]{0,62}$';

/** A key as its file keeps it. */
export const ApiKeySchema = Type.Object(
  {
    name: Type.String({ pattern: API_KEY_NAME }),
    sha256: HexDigestSchema,
    /** Signs webhooks; `webhookSecretOf` the key, kept since the key itself is not. */
    webhookSecret: HexDigestSchema,
    roles: Type.Array(Type.Enum([...API_KEY_ROLES]), { minItems: 1 }),
    /** Requests of any kind; the same number may come at once. */
    ratePerMinute: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    /** Jobs and stored envelopes from midnight to midnight UTC. */
    dailyJobs: Type.Integer({ minimum: 0 }),
    createdAt: TimeSchema,
  },
  CLOSED,
);

/** The file of all keys. */
export const ApiKeyFileSchema = Type.Object(
  { version: Type.Literal(1), keys: Type.Array(ApiKeySchema) },
  CLOSED,
);

/** A key as its file keeps it. */
export type ApiKey = Static<typeof ApiKeySchema>;

const RANDOM_BYTES = 32;
const KEY_TEXT = new RegExp(`^zk_(${API_KEY_ROLES.join('|')})_[0-9a-f]{64}$`);

/** A new key. */
export function drawApiKey(role: ApiKeyRole): string {
  return `zk_${role}_${randomBytes(RANDOM_BYTES).toString('hex')}`;
}

/** The digest that a key is known by; undefined for a text that cannot be a key. */
export function digestOfApiKey(text: string): Buffer | undefined {
  return KEY_TEXT.test(text) ? createHash('sha256').update(text).digest() : undefined;
}

/**
 * The secret that webhooks of a key's jobs are signed with, 64 hexadecimal digits: receivers derive
 * it from the key, which it does not tell.
 */
export function webhookSecretOf(key: string): string {
  return createHmac('sha256', key).update('zkinfer webhook 1').digest('hex');
}
