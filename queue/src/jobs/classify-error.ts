/** What an error of a stage means for its job, and what of it may be stored and shown. */
import { InputError, ZkinferError } from '@zkinfer/core';
import type { ErrorClass, StageDefinition } from './stages.ts';

/** An error as reports and records carry it. */
export interface StageError {
  readonly code: string;
  readonly class: ErrorClass;
}

/** The code of errors that are not zkinfer's; their texts may quote anything, and go to logs alone. */
export const UNEXPECTED_ERROR = 'QUEUE_UNEXPECTED_ERROR';

/**
 * By the stage's own list, else by the class of the error: what the caller gave stays wrong;
 * machines, damaged files and defects may be others on the next worker, and tries are limited.
 */
export function classifyError(error: unknown, stage: StageDefinition): StageError {
  const code = error instanceof ZkinferError ? error.code : UNEXPECTED_ERROR;
  const listed = stage.errorClasses?.[code];
  return { code, class: listed ?? (error instanceof InputError ? 'fatal' : 'retryable') };
}
