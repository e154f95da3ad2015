/** How a chain service behaves: what the operator may set, and what is used otherwise. */
import type { Finality } from '../chain/finality.ts';
import { DEFAULT_SENDING_POLICY, type SendingPolicy } from '../chain/sending-policy.ts';

/** Times are milliseconds. */
export interface SettlementPolicy {
  /** From when on requests and fulfilments count. */
  readonly confirmations: Finality;
  readonly sending: Omit<SendingPolicy, 'confirmations'>;
  /** Between looks at the chain. */
  readonly pollMs: number;
  /** Between comparisons of all that is open with the contract. */
  readonly reconcileMs: number;
  /** Between sweeps for refunds and balances. */
  readonly sweepMs: number;
  /** How far back comparisons look for requests that were missed, in blocks. */
  readonly lookbackBlocks: number;
  /** How many times the expected time must be left until the deadline, ≥ 1. */
  readonly deadlineSafety: number;
  /** What is added to the expected time for sending and mining. */
  readonly settleMs: number;
  /** When a skipped request is first examined again; then ever later. */
  readonly reexamineMs: number;
  /** How long a proof waits for others to be settled with it; 0: not at all. */
  readonly batchWindowMs: number;
  /** Most items of a batch, at most the contract's 16. */
  readonly largestBatch: number;
  /** Most gas of a batch, callbacks at their limits included. */
  readonly batchGas: bigint;
  /** Wei that trying a failed callback again may cost, each time; 0: never. */
  readonly callbackBudget: bigint;
  /** Balances from which on what was earned is withdrawn, wei; null: never. Pays out to the signer. */
  readonly withdrawAbove: bigint | null;
  /** How long closed requests and their transactions are remembered. */
  readonly keepMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** What is used unless the operator says otherwise. */
export const DEFAULT_SETTLEMENT_POLICY: SettlementPolicy = {
  confirmations: 12,
  sending: DEFAULT_SENDING_POLICY,
  pollMs: 4 * SECOND,
  reconcileMs: MINUTE,
  sweepMs: 5 * MINUTE,
  lookbackBlocks: 50_000,
  deadlineSafety: 1.5,
  settleMs: 30 * SECOND,
  reexamineMs: 15 * SECOND,
  batchWindowMs: 2 * SECOND,
  largestBatch: 16,
  // Half of what EIP-7825 lets a transaction ask for: blocks have room for it.
  batchGas: 8_000_000n,
  callbackBudget: 10n ** 15n,
  withdrawAbove: null,
  keepMs: 60 * DAY,
};
