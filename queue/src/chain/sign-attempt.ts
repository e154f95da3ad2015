/** Signs what a nonce is used for. */
import { type Signer, Transaction } from '@zkinfer/verifier-contracts';
import { type Fees, TRANSFER_GAS } from './fees.ts';
import type { TransactionAttempt, TransactionRecord } from './transaction-record.ts';

/** Who signs, and where. */
export interface SigningOrigin {
  readonly signer: Pick<Signer, 'signTransaction'>;
  /** Of the signer. */
  readonly address: string;
  readonly chainId: bigint;
  /** Whether the chain has no base fee: transactions offer a gas price (type 0). */
  readonly legacyFees: boolean;
}

/** Of an attempt that no node was given. */
export const UNSENT = { firstSentAt: null, sentAt: null, answer: null } as const;

/** What was mined, or replaced, in a block that is in the chain no more: it waits again. */
export function unmined(record: TransactionRecord): TransactionRecord {
  const attempts = record.attempts.map((attempt) => ({ ...attempt, ...UNSENT }));
  const state = attempts.length === 0 ? 'reserved' : 'broadcast';
  return { ...record, state, attempts, inclusion: null, final: false };
}

/**
 * The nonce's call, or an empty transfer to oneself, which uses the nonce for nothing.
 * @param now milliseconds since 1970
 * @throws what the signer throws
 */
export async function signAttempt(
  { signer, address, chainId, legacyFees }: SigningOrigin,
  { nonce, call, gasLimit }: TransactionRecord,
  purpose: TransactionAttempt['purpose'],
  fees: Fees,
  now: number,
): Promise<TransactionAttempt> {
  const empty = { to: address, data: '0x', value: 0n, gasLimit: TRANSFER_GAS };
  const content = purpose === 'call' ? { ...call, gasLimit } : empty;
  const offer = legacyFees
    ? { type: 0, gasPrice: fees.maxFeePerGas }
    : ({ type: 2, ...fees } as const);
  const raw = await signer.signTransaction({ chainId, nonce, ...content, ...offer });
  const hash = Transaction.from(raw).hash!;
  return { purpose, hash, raw, ...fees, signedAt: now, ...UNSENT };
}
