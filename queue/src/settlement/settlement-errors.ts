/** How a request ends without us: errors that close its job, see `DEFAULT_STAGES`. */
import { EnvironmentError } from '@zkinfer/core';
import { type Request, RequestStatus } from '@zkinfer/verifier-contracts';
import type { RequestRecord } from './request-record.ts';

/** Codes of jobs that are closed because of their requests. */
export const CLOSING_CODES = {
  fulfilledByAnother: 'QUEUE_REQUEST_FULFILLED_BY_ANOTHER',
  refunded: 'QUEUE_REQUEST_REFUNDED',
  gone: 'QUEUE_REQUEST_GONE',
} as const;

/** One of CLOSING_CODES. */
export type ClosingCode = (typeof CLOSING_CODES)[keyof typeof CLOSING_CODES];

/**
 * Why a request needs no more work of ours; undefined while it is open, or fulfilled for us.
 * @param payee whom our proofs name
 */
export function closingCode(
  { status, payee: paid }: Pick<Request, 'status' | 'payee'>,
  payee: string,
): ClosingCode | undefined {
  if (status === RequestStatus.Refunded) return CLOSING_CODES.refunded;
  if (status !== RequestStatus.Fulfilled) return undefined;
  return isSame(paid, payee) ? undefined : CLOSING_CODES.fulfilledByAnother;
}

/** The same of a request in the book: as confirmed events say. */
export function closingCodeOf(
  { state, fulfilment }: Pick<RequestRecord, 'state' | 'fulfilment'>,
  payee: string,
): ClosingCode | undefined {
  if (state === 'gone') return CLOSING_CODES.gone;
  if (state === 'refunded') return CLOSING_CODES.refunded;
  if (fulfilment === null || isSame(fulfilment.payee, payee)) return undefined;
  return CLOSING_CODES.fulfilledByAnother;
}

/** As errors: what they are about is known to the job. */
export function closingError(code: ClosingCode): EnvironmentError {
  return new EnvironmentError({ code, what: 'the request is not open for us any more' });
}

/** A node that does not know a request that was confirmed: it lags, or a block went. Passes. */
export function requestMissing(): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_REQUEST_MISSING',
    what: 'the chain does not have the request at the moment',
    hint: 'The endpoint lags behind, or the chain was reorganised.',
  });
}

function isSame(account: string, other: string): boolean {
  return account.toLowerCase() === other.toLowerCase();
}
