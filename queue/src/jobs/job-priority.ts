/**
 * Earliest deadline first. Deadlines are taken as they are, not as what is left of them: a job that
 * has waited is as urgent as one that comes late with the same deadline.
 */
import { PRIORITIES } from '../backend/job-backend.ts';

/** Deadlines this close are served in the order of arrival. */
const GRAIN_MS = 10_000;

/** What a job without a deadline is taken to have: it is served in its turn, never starved. */
const ASSUMED_DEADLINE_MS = 3_600_000;

/**
 * In PRIORITIES. BullMQ's range holds 242 days of grains; then it begins anew, and for once some
 * later jobs come first.
 */
export function jobPriority(createdAt: number, deadlineMs: number | null): number {
  const deadline = deadlineMs ?? createdAt + ASSUMED_DEADLINE_MS;
  const grains = Math.floor(Math.max(0, deadline) / GRAIN_MS);
  return PRIORITIES.first + (grains % (PRIORITIES.last - PRIORITIES.first + 1));
}
