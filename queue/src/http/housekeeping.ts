/** Forgets, from time to time, what the HTTP service noted about jobs that are forgotten. */
import type { Logger } from '@zkinfer/core';
import type { ClientJobs } from './client-jobs.ts';
import type { EnvelopeHolders } from './envelope-holders.ts';

/** What is looked after. */
export interface HousekeepingOptions {
  readonly clientJobs: Pick<ClientJobs, 'removeOrphans'>;
  readonly holders: Pick<EnvelopeHolders, 'prune'>;
  readonly logger: Logger;
}

const HOUR_MS = 60 * 60 * 1_000;
const ROUND_MS = 6 * HOUR_MS;

/** Longer than requests on chain stay open. */
const HOLDERS_KEPT_MS = 90 * 24 * HOUR_MS;

/** Not at the start, where there is enough to do. @returns ends it */
export function startHousekeeping(options: HousekeepingOptions): () => void {
  const timer = setInterval(() => {
    keepHouse(options).catch((error: unknown) => {
      options.logger.warn({ err: error }, 'what is forgotten could not be cleared');
    });
  }, ROUND_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** One round. @throws the store's errors */
export async function keepHouse({ clientJobs, holders }: HousekeepingOptions): Promise<void> {
  await clientJobs.removeOrphans();
  await holders.prune(Date.now() - HOLDERS_KEPT_MS);
}
