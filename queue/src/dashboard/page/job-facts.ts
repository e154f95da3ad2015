/** What is known of a job, as named facts. */
import type { JobOnChain, JobView, Overview } from '@zkinfer/core/service';
import { formatSeconds } from '../figures/format-duration.ts';
import { formatCount, formatShare } from '../figures/format-quantity.ts';
import { formatTime } from '../figures/format-time.ts';
import type { Fact } from './fact-list.ts';

/** Who it is, how far it is, and how it ended. */
export function jobFacts(job: JobView, now: number, workers: Overview['workers']): Fact[] {
  const { createdAt, deadline, outcomeCode } = job;
  const worker = workers.find(({ running }) => running.some(({ jobId }) => jobId === job.id));
  const left = deadline === null || job.status !== 'active' ? '' : remaining(deadline - now);
  return [
    { name: 'Job', value: job.id, isId: true },
    { name: 'Model', value: job.modelDigest, isId: true },
    { name: 'Stage', value: describeStage(job) },
    { name: 'Worker', value: worker === undefined ? 'none now' : worker.workerId },
    { name: 'Submitted', value: formatTime(createdAt, now) },
    { name: 'Deadline', value: deadline === null ? 'none' : formatTime(deadline, now) + left },
    { name: 'Outcome', value: outcomeCode ?? 'not ended' },
  ];
}

/** What the proof is about. */
export function statementFacts({ inputHash, outputHash, hasProof }: JobView): Fact[] {
  return [
    hashFact('Input hash', inputHash, 'not known before the input is there'),
    hashFact('Output hash', outputHash, 'not known before the model has run'),
    { name: 'Proof', value: hasProof ? 'there, verified by its worker' : 'not yet' },
  ];
}

/** The request that it serves, and the fulfilment. */
export function chainFacts(chain: JobOnChain, hasEnded: boolean): Fact[] {
  const { transactionHash, blockNumber, gasUsed, callbackSucceeded } = chain;
  const notYet = hasEnded ? 'none' : 'not yet in a block';
  return [
    { name: 'Chain', value: chain.chainId },
    { name: 'Request', value: chain.requestId, isId: true },
    { name: 'Coprocessor', value: chain.coprocessor, isId: true },
    { name: 'Payee', value: chain.payee, isId: true },
    hashFact('Transaction', transactionHash, notYet),
    { name: 'Block', value: blockNumber === null ? notYet : blockNumber.toLocaleString('en') },
    { name: 'Gas', value: gasUsed === null ? notYet : formatCount(BigInt(gasUsed)) },
    { name: 'Callback', value: describeCallback(callbackSucceeded, transactionHash !== null) },
  ];
}

function describeStage({ stage, attempt, progress }: JobView): string {
  const tries = attempt > 1 ? `, try ${attempt}` : '';
  const step = progress === null ? '' : `, ${progress.step} ${formatShare(progress.done)}`;
  return stage + tries + step;
}

function remaining(ms: number): string {
  return ms > 0 ? `, in ${formatSeconds(ms)}` : ', passed';
}

function hashFact(name: string, hash: string | null, otherwise: string): Fact {
  return hash === null ? { name, value: otherwise } : { name, value: hash, isId: true };
}

function describeCallback(succeeded: boolean | null, isFulfilled: boolean): string {
  if (succeeded === null) return isFulfilled ? 'none asked for' : 'not yet';
  return succeeded ? 'succeeded' : 'failed';
}
