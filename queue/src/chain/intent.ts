/** What is wanted on chain, and how far it has come. */
import type { TransactionCall } from './chain-node.ts';
import type {
  TransactionInclusion,
  TransactionRecord,
  TransactionState,
} from './transaction-record.ts';

/** What is wanted on chain. */
export interface Intent {
  /** Names it for ever: submitting it again sends nothing again. */
  readonly id: string;
  readonly call: TransactionCall;
  /** Wei that the transaction may cost at most: what it is worth. */
  readonly maxCost: bigint;
  /** The gas that it is given; what the simulation took and a fifth more, unless told. */
  readonly gasLimit?: bigint;
}

/** How far an intent has come. */
export interface IntentStatus {
  readonly intentId: string;
  readonly nonce: number;
  readonly state: TransactionState;
  /** Whether the state is confirmed and stays. */
  readonly final: boolean;
  /** Whether it was mined and did not revert. */
  readonly succeeded: boolean;
  /** Of all transactions of the nonce, oldest first. */
  readonly hashes: readonly string[];
  readonly inclusion: TransactionInclusion | null;
}

/** What is stored of an intent before anything is signed; all but the nonce. */
export function unsignedRecord(
  intent: Intent,
  gasLimit: bigint,
  feeCap: bigint,
  now: number,
): Omit<TransactionRecord, 'nonce'> {
  return {
    intentId: intent.id,
    call: intent.call,
    gasLimit,
    feeCap,
    reservedAt: now,
    state: 'reserved',
    cancelWanted: false,
    attempts: [],
    inclusion: null,
    final: false,
  };
}

/** What there is to say about a nonce's intent. */
export function intentStatusOf(record: TransactionRecord): IntentStatus {
  const { intentId, nonce, state, final, attempts, inclusion } = record;
  const succeeded = state === 'mined' && inclusion?.success === true;
  const hashes = attempts.map(({ hash }) => hash);
  return { intentId, nonce, state, final, succeeded, hashes, inclusion };
}

/** Whether two calls do the same. */
export function isSameCall(one: TransactionCall, other: TransactionCall): boolean {
  const sameTarget = one.to.toLowerCase() === other.to.toLowerCase();
  return sameTarget && one.data === other.data && one.value === other.value;
}
