/**
 * A nonce of a signer on a chain and everything that was signed for it, as the store keeps it. What
 * is not stored is never sent: so a crash between any two steps loses nothing, and whatever is mined
 * for a nonce is known here by its hash.
 */
import { jsonShapeError, readArray, readInteger, readObject, readString } from '@zkinfer/core';
import type { RecordKind } from '../store/records.ts';
import type { BroadcastAnswer, TransactionCall } from './chain-node.ts';
import type { Fees } from './fees.ts';

/**
 * `reserved`: nothing is signed. `signed`: no node is known to have it. `broadcast`: one had it.
 * `mined`: the call was, successfully or not. `cancelled`: an empty transfer to oneself was mined
 * instead. `replaced`: a transaction that is not of this store used the nonce.
 */
export type TransactionState = (typeof STATES)[number];

/** A transaction that was signed for a nonce; several may be around, one can be mined. */
export interface TransactionAttempt extends Fees {
  readonly purpose: 'call' | 'cancel';
  readonly hash: string;
  /** Signed, as 0x text. */
  readonly raw: string;
  readonly signedAt: number;
  /** When it was first and last handed to a node; null: never. */
  readonly firstSentAt: number | null;
  readonly sentAt: number | null;
  /** What the node said then. */
  readonly answer: BroadcastAnswer | null;
}

/** What was mined for a nonce. */
export interface TransactionInclusion {
  readonly hash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly success: boolean;
  readonly gasUsed: bigint;
  /** Wei in all. */
  readonly fee: bigint;
}

/** A nonce and its transactions. Times are milliseconds since 1970. */
export interface TransactionRecord {
  readonly nonce: number;
  /** What it was reserved for. */
  readonly intentId: string;
  readonly call: TransactionCall;
  readonly gasLimit: bigint;
  /** The most that the call may offer, wei per gas. */
  readonly feeCap: bigint;
  readonly reservedAt: number;
  readonly state: TransactionState;
  /** Whether somebody asked for the call not to be made. */
  readonly cancelWanted: boolean;
  /** Oldest first. */
  readonly attempts: readonly TransactionAttempt[];
  /** Of the states `mined` and `cancelled`; else null. */
  readonly inclusion: TransactionInclusion | null;
  /** Whether it is confirmed so deep that nothing changes any more. */
  readonly final: boolean;
}

const STATES = ['reserved', 'signed', 'broadcast', 'mined', 'cancelled', 'replaced'] as const;

const ANSWERS: readonly BroadcastAnswer[] = [
  'taken',
  'nonce-used',
  'underpriced',
  'fee-too-low',
  'no-funds',
  'invalid',
  'unknown',
];

/** The id of a nonce's record: those of a signer are listed in the order of nonces. */
export function transactionId(stream: string, nonce: number): string {
  return `${stream}-${String(nonce).padStart(16, '0')}`;
}

/** The latest transaction that was signed; undefined while none is. */
export function latestAttempt(record: TransactionRecord): TransactionAttempt | undefined {
  return record.attempts.at(-1);
}

/** Whether a node has it, or its nonce is used. */
export function isAccepted({ answer }: TransactionAttempt): boolean {
  return answer === 'taken' || answer === 'nonce-used';
}

/** Nonces in the store. */
export const TRANSACTION_RECORDS: RecordKind<TransactionRecord> = {
  name: 'transaction',
  form: 1,
  write: ({ call, gasLimit, feeCap, attempts, inclusion, ...plain }) => ({
    ...plain,
    call: { ...call, value: String(call.value) },
    gasLimit: String(gasLimit),
    feeCap: String(feeCap),
    attempts: attempts.map((attempt) => ({
      ...attempt,
      maxFeePerGas: String(attempt.maxFeePerGas),
      maxPriorityFeePerGas: String(attempt.maxPriorityFeePerGas),
    })),
    inclusion: inclusion && {
      ...inclusion,
      gasUsed: String(inclusion.gasUsed),
      fee: String(inclusion.fee),
    },
  }),
  read: readTransaction,
};

const KEYS = [
  'nonce',
  'intentId',
  'call',
  'gasLimit',
  'feeCap',
  'reservedAt',
  'state',
  'cancelWanted',
  'attempts',
  'inclusion',
  'final',
] as const;

function readTransaction(data: unknown, path: string): TransactionRecord {
  const record = readObject(data, path, KEYS);
  const { inclusion } = record;
  return {
    nonce: readInteger(record.nonce, `${path}.nonce`),
    intentId: readString(record.intentId, `${path}.intentId`),
    call: readCall(record.call, `${path}.call`),
    gasLimit: readAmount(record.gasLimit, `${path}.gasLimit`),
    feeCap: readAmount(record.feeCap, `${path}.feeCap`),
    reservedAt: readInteger(record.reservedAt, `${path}.reservedAt`),
    state: readOneOf(record.state, `${path}.state`, STATES),
    cancelWanted: record.cancelWanted === true,
    attempts: readArray(record.attempts, `${path}.attempts`).map((attempt) =>
      readAttempt(attempt, `${path}.attempts`),
    ),
    inclusion: inclusion === null ? null : readInclusion(inclusion, `${path}.inclusion`),
    final: record.final === true,
  };
}

function readCall(data: unknown, path: string): TransactionCall {
  const call = readObject(data, path, ['to', 'data', 'value']);
  return {
    to: readString(call.to, `${path}.to`),
    data: readString(call.data, `${path}.data`),
    value: readAmount(call.value, `${path}.value`),
  };
}

const ATTEMPT_KEYS = [
  'purpose',
  'hash',
  'raw',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'signedAt',
  'firstSentAt',
  'sentAt',
  'answer',
] as const;

function readAttempt(data: unknown, path: string): TransactionAttempt {
  const attempt = readObject(data, path, ATTEMPT_KEYS);
  const { answer } = attempt;
  return {
    purpose: readOneOf(attempt.purpose, `${path}.purpose`, ['call', 'cancel'] as const),
    hash: readString(attempt.hash, `${path}.hash`),
    raw: readString(attempt.raw, `${path}.raw`),
    maxFeePerGas: readAmount(attempt.maxFeePerGas, `${path}.maxFeePerGas`),
    maxPriorityFeePerGas: readAmount(attempt.maxPriorityFeePerGas, `${path}.maxPriorityFeePerGas`),
    signedAt: readInteger(attempt.signedAt, `${path}.signedAt`),
    firstSentAt: readTime(attempt.firstSentAt, `${path}.firstSentAt`),
    sentAt: readTime(attempt.sentAt, `${path}.sentAt`),
    answer: answer === null ? null : readOneOf(answer, `${path}.answer`, ANSWERS),
  };
}

function readInclusion(data: unknown, path: string): TransactionInclusion {
  const keys = ['hash', 'blockNumber', 'blockHash', 'success', 'gasUsed', 'fee'] as const;
  const inclusion = readObject(data, path, keys);
  return {
    hash: readString(inclusion.hash, `${path}.hash`),
    blockNumber: readInteger(inclusion.blockNumber, `${path}.blockNumber`),
    blockHash: readString(inclusion.blockHash, `${path}.blockHash`),
    success: inclusion.success === true,
    gasUsed: readAmount(inclusion.gasUsed, `${path}.gasUsed`),
    fee: readAmount(inclusion.fee, `${path}.fee`),
  };
}

function readTime(value: unknown, path: string): number | null {
  return value === null ? null : readInteger(value, path);
}

/** A bigint ≥ 0 as decimal text. */
function readAmount(value: unknown, path: string): bigint {
  const text = readString(value, path);
  if (/^\d{1,78}$/.test(text)) return BigInt(text);
  throw jsonShapeError(path, undefined, 'a decimal number');
}

function readOneOf<T extends string>(value: unknown, path: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw jsonShapeError(path, undefined, `one of ${known.join(', ')}`);
}
