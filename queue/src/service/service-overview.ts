/** All of a running service at a glance. */
import type { Overview } from '@zkinfer/core/service';
import type { JobBackend } from '../backend/job-backend.ts';
import { CHAIN_ROUTE } from '../jobs/stages.ts';
import type { ChainService } from '../settlement/chain-service.ts';
import type { Statistics } from './statistics.ts';
import type { WorkerRoster } from './worker-roster.ts';

/** What is looked at. */
export interface OverviewSources {
  readonly version: string;
  readonly startedAt: number;
  readonly backend: JobBackend;
  readonly statistics: Statistics;
  readonly roster: WorkerRoster;
  readonly chains: readonly ChainService[];
}

/** As it is now. Does not throw when the backend is away: says so. */
export async function serviceOverview(sources: OverviewSources): Promise<Overview> {
  const { version, startedAt, backend, statistics, roster, chains } = sources;
  const [health, queues, statuses] = await Promise.all([
    backend.health(),
    queueDepths(backend).catch(() => []),
    Promise.all(chains.map((chain) => chain.status())),
  ]);
  return {
    at: Date.now(),
    version,
    startedAt,
    backend: { name: health.backend, ok: health.ok, problems: [...health.problems] },
    queues,
    jobs: statistics.jobs,
    latencies: statistics.latencies,
    workers: roster.list(),
    chains: statuses,
    minutes: statistics.minutes,
  };
}

function queueDepths(backend: JobBackend): Promise<Overview['queues']> {
  return Promise.all(
    CHAIN_ROUTE.map(async (stage) => ({ stage, ...(await backend.counts(stage)) })),
  );
}
