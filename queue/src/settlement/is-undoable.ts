import type { JobOutcome } from '../jobs/job-record.ts';
import { CLOSING_CODES } from './settlement-errors.ts';

/**
 * Whether a job ended by something that the chain can undo: a fulfilment, a refund or the request
 * itself was in a block that went. Jobs that were cancelled, failed or came too late stay as they are.
 */
export function isUndoable(outcome: JobOutcome | null): boolean {
  if (outcome === null) return false;
  const byChain: readonly string[] = Object.values(CLOSING_CODES);
  return outcome.kind === 'done' || (outcome.kind === 'closed' && byChain.includes(outcome.code));
}
