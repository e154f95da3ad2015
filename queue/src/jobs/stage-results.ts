/**
 * What each stage of an inference gives to the next ones: digests of blobs, hashes, figures; 2 KiB
 * at most. Blobs are JSON of `encodeEnvelope`, OutputBlobSchema and ProofBlobSchema.
 */
import {
  AddressSchema,
  Bytes32Schema,
  CLOSED,
  DurationSchema,
  FieldElementSchema,
  HexDigestSchema,
  IntegerTextSchema,
  readSchema,
} from '@zkinfer/core/service';
import Type, { type Static } from 'typebox';
import type { JobRecord } from './job-record.ts';
import type { StageName } from './stages.ts';

/** The input is there: an envelope for this model that opens inputHash. */
export const FetchResultSchema = Type.Object(
  { envelope: HexDigestSchema, inputHash: FieldElementSchema },
  CLOSED,
);

/** The network has run. */
export const InferResultSchema = Type.Object(
  {
    /** An OutputBlob. */
    output: HexDigestSchema,
    outputHash: FieldElementSchema,
    /** What ran it: `interpreter`, or a TF.js backend. */
    backend: Type.String(),
    inferenceMs: DurationSchema,
    worker: Type.String(),
  },
  CLOSED,
);

/** There is a proof, verified before it was handed out. */
export const ProveResultSchema = Type.Object(
  {
    /** A ProofBlob. */
    proof: HexDigestSchema,
    engine: Type.String(),
    witnessMs: DurationSchema,
    proofMs: DurationSchema,
    worker: Type.String(),
  },
  CLOSED,
);

/** A transaction that fulfils the request is under way. */
export const SettleResultSchema = Type.Object(
  {
    /** Of the transaction sender. */
    intentId: Type.String(),
  },
  CLOSED,
);

/** The fulfilment is confirmed. */
export const ConfirmResultSchema = Type.Object(
  {
    transactionHash: Bytes32Schema,
    blockNumber: Type.Integer({ minimum: 0 }),
    gasUsed: IntegerTextSchema,
    /** Wei that the transaction cost; of a batch, this request's share. */
    cost: IntegerTextSchema,
    /** What the payee was credited with, in the request's token; zero is the chain's currency. */
    earned: IntegerTextSchema,
    token: AddressSchema,
    /** Null without a callback. */
    callbackSucceeded: Type.Union([Type.Boolean(), Type.Null()]),
  },
  CLOSED,
);

/** A callback that had failed was tried again. */
export const CallbackResultSchema = Type.Object(
  {
    transactionHash: Type.Union([Bytes32Schema, Type.Null()]),
    succeeded: Type.Boolean(),
    /** Why it was given up; null when it succeeded. The payment does not depend on it. */
    code: Type.Union([Type.String(), Type.Null()]),
  },
  CLOSED,
);

/** The output in clear: words of `pack`, and the salt of its commitment. */
export const OutputBlobSchema = Type.Object(
  {
    version: Type.Literal(1),
    modelDigest: HexDigestSchema,
    outputWords: Type.Array(FieldElementSchema),
    outputSalt: FieldElementSchema,
  },
  CLOSED,
);

/** `proof.json` and `public.json`. */
export const ProofBlobSchema = Type.Object(
  {
    version: Type.Literal(1),
    proof: Type.Record(Type.String(), Type.Unknown()),
    publicSignals: Type.Array(FieldElementSchema),
  },
  CLOSED,
);

const SCHEMAS = {
  fetch: FetchResultSchema,
  infer: InferResultSchema,
  prove: ProveResultSchema,
  settle: SettleResultSchema,
  confirm: ConfirmResultSchema,
  callback: CallbackResultSchema,
} as const;

/** What each stage gives. */
export type StageResults = { [Stage in StageName]: Static<(typeof SCHEMAS)[Stage]> };
/** The output in clear. */
export type OutputBlob = Static<typeof OutputBlobSchema>;
/** A proof and its signals. */
export type ProofBlob = Static<typeof ProofBlobSchema>;

/**
 * What a stage that is done gave; undefined before.
 * @throws InputError CORE_SCHEMA
 */
export function findStageResult<Stage extends StageName>(
  results: JobRecord['results'],
  stage: Stage,
): StageResults[Stage] | undefined {
  const result = results[stage];
  if (result === undefined) return undefined;
  return readSchema(SCHEMAS[stage], result, `the result of ${stage}`) as StageResults[Stage];
}

/**
 * What a stage before gave. @throws InputError CORE_SCHEMA also when it is not there
 */
export function requireStageResult<Stage extends StageName>(
  results: JobRecord['results'],
  stage: Stage,
): StageResults[Stage] {
  const what = `the result of ${stage}`;
  return readSchema(SCHEMAS[stage], results[stage], what) as StageResults[Stage];
}
