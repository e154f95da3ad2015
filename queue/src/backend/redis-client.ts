/**
 * Connections to Redis, and what the service demands of it. Evidence for each setting is in
 * BullMQ's documentation ("Going to production", "Connections", "Troubleshooting") and its issues
 * as numbered.
 */
import { EnvironmentError } from '@zkinfer/core';
import { Redis, type RedisOptions } from 'ioredis';

/** Oldest Redis that BullMQ recommends. */
const OLDEST_VERSION = [6, 2] as const;

/**
 * Blocking reads end by themselves after at most 10 s; a socket silent for longer while a command
 * waits is dead, and without this limit would be noticed only by TCP, minutes later.
 */
const SOCKET_TIMEOUT_MS = 20_000;

const LONGEST_RECONNECT_DELAY_MS = 2_000;

/**
 * `producer`: commands fail at once while there is no connection, so that callers hear of it.
 * `consumer`: commands wait for the connection for as long as it takes, as BullMQ's workers need.
 */
export type ConnectionUse = 'producer' | 'consumer';

/** ioredis types `replyMapping` in two ways that do not agree. */
type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

const OPTIONS: Readonly<Record<ConnectionUse, ClientOptions>> = {
  producer: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 10_000 },
  consumer: { maxRetriesPerRequest: null },
};

/** What Redis says about itself. */
export interface RedisFacts {
  readonly version: string;
  readonly evictionPolicy: string;
  readonly appendOnly: boolean;
}

/**
 * A connection that is ready.
 * @throws EnvironmentError QUEUE_REDIS_UNREACHABLE
 */
export async function connectRedis(url: string, use: ConnectionUse): Promise<Redis> {
  const options: ClientOptions = {
    ...OPTIONS[use],
    lazyConnect: true,
    socketTimeout: SOCKET_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(100 * times, LONGEST_RECONNECT_DELAY_MS),
  };
  const client = new Redis(url, options);
  // Every failure also reaches the command or the worker that it concerns.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (cause) {
    client.disconnect();
    throw new EnvironmentError({
      code: 'QUEUE_REDIS_UNREACHABLE',
      what: `no Redis answers at ${withoutCredentials(url)}`,
      got: cause instanceof Error ? cause.message : String(cause),
      hint: 'Start redis-server, or correct REDIS_URL.',
      cause,
    });
  }
}

/** Asks Redis about itself. */
export async function readRedisFacts(client: Redis): Promise<RedisFacts> {
  const info = await client.info();
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  return {
    version: field('redis_version'),
    evictionPolicy: field('maxmemory_policy'),
    appendOnly: field('aof_enabled') === '1',
  };
}

/**
 * What makes a Redis unfit.
 * @throws EnvironmentError QUEUE_REDIS_VERSION, QUEUE_REDIS_EVICTION
 */
export function requireFitRedis(facts: RedisFacts): void {
  if (!isNewEnough(facts.version)) {
    throw new EnvironmentError({
      code: 'QUEUE_REDIS_VERSION',
      what: 'Redis is too old',
      got: facts.version,
      expected: `${OLDEST_VERSION.join('.')} or later`,
    });
  }
  // Any other policy may evict a job's key when memory is short, and with it the job.
  if (facts.evictionPolicy !== 'noeviction') {
    throw new EnvironmentError({
      code: 'QUEUE_REDIS_EVICTION',
      what: 'Redis may evict queued jobs',
      got: `maxmemory-policy ${facts.evictionPolicy}`,
      expected: 'maxmemory-policy noeviction',
      hint: 'Set it in redis.conf, and give the queue a Redis of its own.',
    });
  }
}

/** What works, but loses time: jobs that Redis forgets are enqueued again by the dispatcher. */
export function unwiseSettings(facts: RedisFacts): string[] {
  if (facts.appendOnly) return [];
  return ['appendonly is off: after a restart of Redis, lost tasks run again from their beginning'];
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor, needMinor] = OLDEST_VERSION;
  return major > needMajor || (major === needMajor && minor >= needMinor);
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
