import type { Finality } from './finality.ts';

/** When transactions are replaced, sent again and given up. */
export interface SendingPolicy {
  /** The most that a call may offer, wei per gas; what the job is worth may lower it. */
  readonly maxFeePerGas: bigint;
  /** The most that a cancellation may offer, wei per gas: more, so that it can replace a call. */
  readonly cancelMaxFeePerGas: bigint;
  /** A transaction that is not mined after so long is replaced by one that offers more. */
  readonly stuckAfterMs: number;
  /** How often it is handed to the node again, which may have dropped it. */
  readonly resendAfterMs: number;
  /** A call that may offer no more is cancelled so long after it was first signed. */
  readonly giveUpAfterMs: number;
  /** From when on what was mined is final. */
  readonly confirmations: Finality;
}

/** What is used unless the operator says otherwise; fees in wei per gas. */
export const DEFAULT_SENDING_POLICY: SendingPolicy = {
  maxFeePerGas: 200_000_000_000n,
  cancelMaxFeePerGas: 400_000_000_000n,
  stuckAfterMs: 45_000,
  resendAfterMs: 30_000,
  giveUpAfterMs: 10 * 60_000,
  confirmations: 12,
};
