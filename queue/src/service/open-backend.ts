/** The backend that a configuration asks for. */
import { readFile } from 'node:fs/promises';
import type { Logger } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import { BullmqBackend } from '../backend/bullmq-backend.ts';
import { InProcessBackend } from '../backend/in-process-backend.ts';
import type { JobBackend } from '../backend/job-backend.ts';
import type { Store } from '../store/store.ts';
import type { ServiceConfig } from './service-config.ts';

/**
 * BullMQ where a Redis is named, else a queue in this process.
 * @throws InputError CORE_FILE_MISSING; EnvironmentError CORE_READ_FAILED, QUEUE_REDIS_*; the
 *   store's errors
 */
export async function openBackend(
  redis: ServiceConfig['redis'],
  store: Store,
  logger: Logger,
): Promise<JobBackend> {
  if (redis === undefined) return InProcessBackend.open(store, { logger });
  const { prefix, lockSeconds } = redis;
  const url = await redisUrl(redis);
  return BullmqBackend.open({ url, prefix, lockMs: 1000 * lockSeconds, logger });
}

/**
 * The address of the Redis that is named: with its password, so not to be shown.
 * @throws InputError CORE_FILE_MISSING; EnvironmentError CORE_READ_FAILED
 */
export async function redisUrl({
  url,
  urlFile,
}: NonNullable<ServiceConfig['redis']>): Promise<string> {
  if (url !== undefined) return url;
  const text = await readFile(urlFile!, 'utf8').catch((cause: unknown) => {
    throw readError(cause, urlFile!);
  });
  return text.trim();
}
