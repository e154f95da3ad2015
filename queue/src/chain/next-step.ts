/** What to do for a nonce that the chain has not used: decided here, done by `TransactionSender`. */
import { bumpedFees, type FeeMarket, type Fees, initialFees, leastFee } from './fees.ts';
import type { SendingPolicy } from './sending-policy.ts';
import {
  isAccepted,
  latestAttempt,
  type TransactionAttempt,
  type TransactionRecord,
} from './transaction-record.ts';

/** What the chain looks like. */
export interface StreamView {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How many nonces of the signer are used. */
  readonly used: number;
  readonly market: FeeMarket;
}

/** `send`: the latest transaction, again. */
export type Step =
  | { readonly do: 'wait' }
  | { readonly do: 'send' }
  | { readonly do: 'sign'; readonly purpose: TransactionAttempt['purpose']; readonly fees: Fees };

/**
 * The step for a nonce that is not used. A rejected or stuck transaction is replaced by one that
 * offers more; where the cap is reached, by a cancellation, after some time.
 */
export function nextStep(record: TransactionRecord, view: StreamView, policy: SendingPolicy): Step {
  const latest = latestAttempt(record);
  if (latest === undefined) return firstStep(record, view.market, policy);
  if (record.cancelWanted && latest.purpose === 'call') return cancel(latest, view, policy);
  if (latest.answer === 'invalid' && latest.purpose === 'call') return cancel(latest, view, policy);
  if (isRefused(latest) || isStuck(record.nonce, latest, view, policy)) {
    return replacement(record, latest, view, policy);
  }
  return again(latest, view, policy);
}

function firstStep(record: TransactionRecord, market: FeeMarket, policy: SendingPolicy): Step {
  const purpose = record.cancelWanted ? 'cancel' : 'call';
  const cap = record.cancelWanted ? policy.cancelMaxFeePerGas : record.feeCap;
  return { do: 'sign', purpose, fees: initialFees(market, cap) };
}

function isRefused({ answer }: TransactionAttempt): boolean {
  return answer === 'underpriced' || answer === 'fee-too-low';
}

/** Behind another nonce of ours a transaction waits without being stuck, unless it pays too little. */
function isStuck(
  nonce: number,
  latest: TransactionAttempt,
  { now, used, market }: StreamView,
  policy: SendingPolicy,
): boolean {
  const { firstSentAt } = latest;
  if (firstSentAt === null || now - firstSentAt < policy.stuckAfterMs) return false;
  return nonce <= used || latest.maxFeePerGas < leastFee(market);
}

function replacement(
  record: TransactionRecord,
  latest: TransactionAttempt,
  view: StreamView,
  policy: SendingPolicy,
): Step {
  if (latest.purpose === 'cancel') return cancel(latest, view, policy);
  const fees = bumpedFees(latest, view.market, record.feeCap);
  if (fees !== undefined) return { do: 'sign', purpose: 'call', fees };
  const first = record.attempts[0]!;
  const givenUp = view.now - first.signedAt >= policy.giveUpAfterMs;
  return givenUp ? cancel(latest, view, policy) : again(latest, view, policy);
}

function cancel(latest: TransactionAttempt, view: StreamView, policy: SendingPolicy): Step {
  const fees = bumpedFees(latest, view.market, policy.cancelMaxFeePerGas);
  if (fees !== undefined) return { do: 'sign', purpose: 'cancel', fees };
  return again(latest, view, policy);
}

function again(latest: TransactionAttempt, view: StreamView, policy: SendingPolicy): Step {
  const { sentAt } = latest;
  if (sentAt === null || !isAccepted(latest)) return { do: 'send' };
  return view.now - sentAt >= policy.resendAfterMs ? { do: 'send' } : { do: 'wait' };
}
