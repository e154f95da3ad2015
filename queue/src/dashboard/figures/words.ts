/** What statuses and stages mean, in a few words, in the order in which they are listed. */
import type { JobView } from '@zkinfer/core/service';

/** Every status of a job. */
export const STATUS_WORDS: Readonly<Record<JobView['status'], string>> = {
  active: 'on its way',
  done: 'all stages are through',
  failed: 'an error that does not pass, or too many tries; can be retried',
  parked: 'too many workers died on it; look at it, then retry it',
  expired: 'its deadline passed before anything was sent',
  cancelled: 'by the caller’s wish',
  closed: 'the chain decided otherwise: fulfilled by another, refunded, or the model frozen',
};

/** Every stage of a job. */
export const STAGE_WORDS: Readonly<Record<JobView['stage'], string>> = {
  fetch: 'get and check the input',
  infer: 'run the network',
  prove: 'make the proof',
  settle: 'send the fulfilment',
  confirm: 'wait for its blocks',
  callback: 'call the consumer again',
};

/** Where something was sent, a job can be given up no more. */
export function canCancel({ status, stage }: Pick<JobView, 'status' | 'stage'>): boolean {
  return status === 'active' && (stage === 'fetch' || stage === 'infer' || stage === 'prove');
}

export function canRetry({ status }: Pick<JobView, 'status'>): boolean {
  return status === 'failed' || status === 'parked';
}
