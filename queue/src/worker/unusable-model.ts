/** A model that this worker cannot serve: nothing is wrong with the task that asked for it. */
import { ZkinferError } from '@zkinfer/core';
import { UNEXPECTED_ERROR } from '../jobs/classify-error.ts';

/** Codes of the death or end of a child: the model need not be to blame. */
const CHILD_CODES: readonly string[] = ['QUEUE_CHILD_DIED', 'QUEUE_CHILD_CLOSED'];

/** Thrown where a model cannot be had or opened here; the cause says why. */
export class UnusableModel extends Error {
  readonly modelDigest: string;
  /** Of the cause. */
  readonly code: string;

  constructor(modelDigest: string, cause: unknown) {
    super(`the model ${modelDigest} cannot be used here`, { cause });
    this.name = 'UnusableModel';
    this.modelDigest = modelDigest;
    this.code = cause instanceof ZkinferError ? cause.code : UNEXPECTED_ERROR;
  }
}

/**
 * Opens a model; what fails then is a matter of this worker.
 * @throws UnusableModel; the signal's reason; QUEUE_CHILD_*
 */
export async function openingModel<T>(
  modelDigest: string,
  signal: AbortSignal,
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ZkinferError && CHILD_CODES.includes(error.code)) throw error;
    throw new UnusableModel(modelDigest, error);
  }
}
