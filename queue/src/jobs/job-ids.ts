/**
 * Names of jobs: one request, one id, so that what arrives twice is one job. Letters, digits and
 * `-`, since BullMQ joins its keys with `:`.
 */
import { createHash } from 'node:crypto';
import { InputError } from '@zkinfer/core';
import type { StageName } from './stages.ts';

const REQUEST_ID = /^0x[0-9a-f]{64}$/;
const JOB_ID = /^[a-z][a-z0-9-]{0,119}$/;

/**
 * The job of a request on chain.
 * @param requestId 32 bytes as 0x and lower-case hexadecimal digits
 * @throws InputError QUEUE_JOB_ID
 */
export function chainJobId(chainId: bigint, requestId: string): string {
  if (!REQUEST_ID.test(requestId)) throw idError(requestId, '0x and 64 lower-case digits');
  return `r-${chainId}-${requestId.slice(2)}`;
}

/**
 * The job of a request over HTTP. Keys of different clients never meet.
 * @param client the name of the API key, not the key
 */
export function httpJobId(client: string, idempotencyKey: string): string {
  const text = JSON.stringify([client, idempotencyKey]);
  return `h-${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
}

/** @throws InputError QUEUE_JOB_ID */
export function requireJobId(id: string): void {
  if (!JOB_ID.test(id)) throw idError(id, 'a letter, then letters, digits and -, 120 at most');
}

/** The task of one try of a stage. @param fence grows with every task of the job */
export function stageTaskId(jobId: string, stage: StageName, fence: number): string {
  return `${jobId}-${stage}-${fence}`;
}

/** The job of a task of `stageTaskId`; undefined for ids of other forms. */
export function jobOfStageTask(taskId: string, stage: StageName): string | undefined {
  const end = taskId.lastIndexOf(`-${stage}-`);
  return end > 0 ? taskId.slice(0, end) : undefined;
}

function idError(got: string, expected: string): InputError {
  const what = 'the id of a job or request';
  return new InputError({ code: 'QUEUE_JOB_ID', what, got: got.slice(0, 130), expected });
}
