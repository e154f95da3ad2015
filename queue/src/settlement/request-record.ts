/** A request on chain as the service keeps it: what was asked for, and what became of it. */
import { AddressSchema, Bytes32Schema, IntegerTextSchema, readSchema } from '@zkinfer/core/service';
import Type, { type Static } from 'typebox';
import type { JsonObject } from '../json-value.ts';
import type { RecordKind } from '../store/records.ts';

/**
 * `open`: confirmed, to be examined. `skipped`: examined and not served for now. `admitted`: there is
 * a job. `fulfilled`, `refunded`: what the chain says. `gone`: its block is in the chain no more.
 * `lapsed`: skipped until it was too late.
 */
export const REQUEST_STATES = [
  'open',
  'skipped',
  'admitted',
  'fulfilled',
  'refunded',
  'gone',
  'lapsed',
] as const;

const FulfilmentSchema = Type.Object({
  payee: AddressSchema,
  submitter: AddressSchema,
  transactionHash: Bytes32Schema,
  blockNumber: Type.Integer({ minimum: 0 }),
});

const RequestRecordSchema = Type.Object({
  requestId: Bytes32Schema,
  requester: AddressSchema,
  /** Of the terms; amounts in decimal digits. */
  modelId: Bytes32Schema,
  inputHash: IntegerTextSchema,
  token: AddressSchema,
  modelPrice: IntegerTextSchema,
  workerFee: IntegerTextSchema,
  /** Unix seconds, before extensions. */
  deadline: IntegerTextSchema,
  delivery: Type.Enum(['values', 'commitment']),
  callbackGasLimit: IntegerTextSchema,
  callbackGasPrice: IntegerTextSchema,
  refundAddress: AddressSchema,
  /** Inline words in decimal digits, or none and a URI. */
  inputWords: Type.Array(IntegerTextSchema),
  inputUri: Type.String(),
  /** Milliseconds since 1970. */
  heardAt: Type.Integer({ minimum: 0 }),
  state: Type.Enum([...REQUEST_STATES]),
  /** Why it was skipped; else null. */
  code: Type.Union([Type.String(), Type.Null()]),
  /** How often it was examined, and when it may be again. */
  examinations: Type.Integer({ minimum: 0 }),
  examineAt: Type.Integer({ minimum: 0 }),
  /** As confirmed events say; null before. */
  fulfilment: Type.Union([FulfilmentSchema, Type.Null()]),
});

/** What may become of a request. */
export type RequestState = (typeof REQUEST_STATES)[number];
/** Who brought and who was paid for a fulfilment, and where it is. */
export type RequestFulfilment = Static<typeof FulfilmentSchema>;
/** A request on chain. */
export type RequestRecord = Readonly<Static<typeof RequestRecordSchema>>;

/** Requests in the store. */
export const REQUEST_RECORDS: RecordKind<RequestRecord> = {
  name: 'chain-request',
  form: 1,
  write: (record) => ({ ...record }) as unknown as JsonObject,
  read: (data, path) => readSchema(RequestRecordSchema, data, path),
};
