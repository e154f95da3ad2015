/** The file of API keys: read by the service, changed by the operator's commands, one at a time. */
import { readFile } from 'node:fs/promises';
import { canonicalJson, InputError, parseJson } from '@zkinfer/core';
import { readError, writeFileAtomically } from '@zkinfer/core/node';
import { readSchema } from '@zkinfer/core/service';
import {
  type ApiKey,
  ApiKeyFileSchema,
  type ApiKeyRole,
  digestOfApiKey,
  drawApiKey,
  webhookSecretOf,
} from './api-key.ts';

/** What a new key is to be. */
export interface NewApiKey {
  /** Lower-case letters, digits and `-`, 63 at most. */
  readonly name: string;
  /** The first one stands in the key's text. */
  readonly roles: readonly [ApiKeyRole, ...ApiKeyRole[]];
  /** 600 unless told. */
  readonly ratePerMinute?: number;
  /** 10,000 unless told. */
  readonly dailyJobs?: number;
}

/** What the holder of a new key gets, once. */
export interface CreatedApiKey {
  readonly key: string;
  /** Follows from the key: for receivers of webhooks that should not have the key itself. */
  readonly webhookSecret: string;
}

const DEFAULT_RATE_PER_MINUTE = 600;
const DEFAULT_DAILY_JOBS = 10_000;

/** Its digests let nobody in, its webhook secrets could forge webhooks: for its owner alone. */
const MODE = 0o600;

/**
 * Adds a key; makes the file if there is none.
 * @throws InputError QUEUE_API_KEY_EXISTS, CORE_SCHEMA; EnvironmentError CORE_DISK_FULL,
 *   CORE_WRITE_DENIED, CORE_WRITE_FAILED
 */
export async function createApiKey(
  path: string,
  { name, roles, ratePerMinute, dailyJobs }: NewApiKey,
  now = Date.now(),
): Promise<CreatedApiKey> {
  const keys = await readIfAny(path);
  if (keys.some((known) => known.name === name)) {
    throw new InputError({
      code: 'QUEUE_API_KEY_EXISTS',
      what: `there is an API key ${name} already`,
      hint: 'Revoke it, or take another name: jobs belong to names.',
    });
  }
  const key = drawApiKey(roles[0]);
  const webhookSecret = webhookSecretOf(key);
  const entry: ApiKey = {
    name,
    sha256: digestOfApiKey(key)!.toString('hex'),
    webhookSecret,
    roles: [...new Set(roles)],
    ratePerMinute: ratePerMinute ?? DEFAULT_RATE_PER_MINUTE,
    dailyJobs: dailyJobs ?? DEFAULT_DAILY_JOBS,
    createdAt: now,
  };
  await writeApiKeys(path, [...keys, entry]);
  return { key, webhookSecret };
}

/**
 * Removes a key; services notice within seconds.
 * @throws InputError QUEUE_API_KEY_UNKNOWN, and as `readApiKeys`
 */
export async function revokeApiKey(path: string, name: string): Promise<void> {
  const keys = await readApiKeys(path);
  const rest = keys.filter((key) => key.name !== name);
  if (rest.length === keys.length) {
    throw new InputError({ code: 'QUEUE_API_KEY_UNKNOWN', what: `there is no API key ${name}` });
  }
  await writeApiKeys(path, rest);
}

/**
 * The keys of a file.
 * @throws InputError CORE_FILE_MISSING, CORE_JSON_SYNTAX, CORE_SCHEMA; EnvironmentError
 *   CORE_READ_FAILED
 */
export async function readApiKeys(path: string): Promise<ApiKey[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw readError(cause, path);
  });
  const what = 'the file of API keys';
  return readSchema(ApiKeyFileSchema, parseJson(text, what), what).keys;
}

async function readIfAny(path: string): Promise<ApiKey[]> {
  try {
    return await readApiKeys(path);
  } catch (error) {
    if (error instanceof InputError && error.code === 'CORE_FILE_MISSING') return [];
    throw error;
  }
}

async function writeApiKeys(path: string, keys: readonly ApiKey[]): Promise<void> {
  const file = readSchema(ApiKeyFileSchema, { version: 1, keys }, 'the file of API keys');
  await writeFileAtomically(path, `${canonicalJson(file)}\n`, { mode: MODE });
}
