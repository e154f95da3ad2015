/** What routes work with: the parts of one running HTTP service. */
import { type Logger, SILENT_LOGGER } from '@zkinfer/core';
import type { FastifyRequest } from 'fastify';
import { DailyQuota } from '../api-keys/daily-quota.ts';
import { WebhookOutbox } from '../webhooks/webhook-outbox.ts';
import { AccessControl } from './access.ts';
import { ClientJobs } from './client-jobs.ts';
import { EnvelopeHolders } from './envelope-holders.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './http-limits.ts';
import type { Identity } from './identity.ts';
import { JobIntake } from './job-intake.ts';
import { ProgressBoard } from './progress-board.ts';
import { SaltSource } from './salt-source.ts';
import type { HttpServiceOptions } from './service-ports.ts';
import { Sessions } from './sessions.ts';
import { UpdateStreams } from './update-streams.ts';

/** The parts. */
export interface HttpContext extends HttpServiceOptions {
  readonly logger: Logger;
  readonly limits: HttpLimits;
  readonly access: AccessControl;
  readonly sessions: Sessions;
  readonly quota: DailyQuota;
  readonly clientJobs: ClientJobs;
  readonly holders: EnvelopeHolders;
  readonly intake: JobIntake;
  readonly progress: ProgressBoard;
  readonly streams: UpdateStreams;
  readonly webhooks: WebhookOutbox;
}

/** @throws EnvironmentError QUEUE_BACKEND_UNAVAILABLE and the store's errors */
export async function openHttpContext(options: HttpServiceOptions): Promise<HttpContext> {
  const { store, pipeline, backend, keys } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const sessions = new Sessions(limits.sessionMs);
  const quota = new DailyQuota(store);
  const clientJobs = new ClientJobs(store, pipeline);
  const access = new AccessControl({
    keys,
    sessions,
    anonymous: options.anonymous === true,
    unauthenticatedPerMinute: limits.unauthenticatedPerMinute,
  });
  const salts = await SaltSource.open(store);
  const progress = await ProgressBoard.start(backend);
  const isStillValid = (identity: Identity) => access.isStillValid(identity);
  return {
    ...options,
    logger: options.logger ?? SILENT_LOGGER,
    limits,
    access,
    sessions,
    quota,
    clientJobs,
    holders: new EnvelopeHolders(store),
    intake: new JobIntake({ ...options, quota, salts, clientJobs }),
    progress,
    streams: new UpdateStreams({ pipeline, progress, limits, isStillValid }),
    webhooks: await WebhookOutbox.start(options),
  };
}

/** Who asks, on routes that ask for somebody. */
export function identityOfRequest({ identity }: FastifyRequest): Identity {
  return identity!;
}
