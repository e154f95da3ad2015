/** A look at a Redis without using it: for `zkinfer doctor`. */
import { ZkinferError } from '@zkinfer/core';
import { connectRedis, readRedisFacts, requireFitRedis, unwiseSettings } from './redis-client.ts';

/** What a Redis is. */
export interface RedisInspection {
  readonly version: string;
  /** Why it cannot be used, undefined if it can. */
  readonly unfit: ZkinferError | undefined;
  /** What works, but should be otherwise. */
  readonly unwise: readonly string[];
}

/** @throws EnvironmentError QUEUE_REDIS_UNREACHABLE */
export async function inspectRedis(url: string): Promise<RedisInspection> {
  const client = await connectRedis(url, 'producer');
  try {
    const facts = await readRedisFacts(client);
    return { version: facts.version, unfit: unfitness(facts), unwise: unwiseSettings(facts) };
  } finally {
    client.disconnect();
  }
}

function unfitness(facts: Parameters<typeof requireFitRedis>[0]): ZkinferError | undefined {
  try {
    requireFitRedis(facts);
    return undefined;
  } catch (error) {
    if (error instanceof ZkinferError) return error;
    throw error;
  }
}
