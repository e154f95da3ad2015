/** What a job's record tells of how long its stages took. */
import type { JobRecord } from '../jobs/job-record.ts';
import type { StageName } from '../jobs/stages.ts';

/** A stage that was done. */
export interface CompletedStage {
  readonly stage: StageName;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** From when its last try could begin: waiting for a worker is included. */
  readonly durationMs: number;
}

/** The stages that a job has completed, beyond those that it had completed before. */
export function completedStages(job: JobRecord, before?: JobRecord): CompletedStage[] {
  return job.route
    .filter((stage) => job.results[stage] !== undefined && before?.results[stage] === undefined)
    .flatMap((stage) => completion(job, stage));
}

/** None where the event was dropped from a long timeline. */
function completion({ events }: JobRecord, stage: StageName): CompletedStage[] {
  const end = events.findLastIndex((event) => event.stage === stage && event.what === 'completed');
  const begun = events
    .slice(0, Math.max(end, 0))
    .findLast((event) => event.stage === stage && event.what === 'begun');
  if (begun === undefined) return [];
  const { at } = events[end]!;
  return [{ stage, at, durationMs: Math.max(0, at - begun.at) }];
}
