import { IntegrityError, ZkinferError } from '@zkinfer/core';
import type { Logger } from 'snarkjs';
import { withSnarkjs } from '../engine/snarkjs-session.ts';

/** What snarkjs answered, and the last thing it complained about. */
export interface SnarkjsAnswer<T> {
  readonly result: T;
  readonly complaint: string | undefined;
}

/**
 * Calls snarkjs silently. It reports failures by return values with a word to its logger, by
 * exceptions, and by `console.log`, which is diverted meanwhile: standard output belongs to the
 * caller.
 * @throws IntegrityError PROVER_SNARKJS_FAILED for what snarkjs throws
 */
export async function callSnarkjs<T>(
  what: string,
  call: (logger: Logger) => Promise<T>,
): Promise<SnarkjsAnswer<T>> {
  let complaint: string | undefined;
  const complain = (message: unknown) => {
    complaint = String(message).trim();
  };
  const logger: Logger = { debug() {}, info() {}, warn: complain, error: complain };
  try {
    const result = await withSnarkjs(() => divertConsole(complain, () => call(logger)));
    return { result, complaint };
  } catch (error) {
    if (error instanceof ZkinferError) throw error;
    throw snarkjsError(what, error instanceof Error ? error.message : String(error), error);
  }
}

/** The error for a call that snarkjs answered with a sign of failure. */
export function snarkjsError(what: string, got?: string, cause?: unknown): IntegrityError {
  return new IntegrityError({
    code: 'PROVER_SNARKJS_FAILED',
    what: `snarkjs could not ${what}`,
    ...(got === undefined ? {} : { got }),
    ...(cause === undefined ? {} : { cause }),
  });
}

async function divertConsole<T>(
  complain: (message: unknown) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { log } = console;
  console.log = complain;
  try {
    return await work();
  } finally {
    console.log = log;
  }
}
