/** Jobs as the HTTP service takes and tells them. */
import Type, { type Static } from 'typebox';
import {
  AddressSchema,
  Bytes32Schema,
  CLOSED,
  DurationSchema,
  FieldElementSchema,
  HexDigestSchema,
  IntegerTextSchema,
  TimeSchema,
} from './json-schemas.ts';

/** An envelope of `encodeEnvelope`, as JSON. */
export const EnvelopeSchema = Type.Object(
  {
    version: Type.Literal(1),
    modelDigest: HexDigestSchema,
    words: Type.Array(FieldElementSchema, { minItems: 1 }),
    inputSalt: FieldElementSchema,
  },
  CLOSED,
);

/** Reals for each input of the model, nested or flat; the service quantises and salts them. */
export const RealInputSchema = Type.Object(
  {
    reals: Type.Array(Type.Unknown(), { minItems: 1 }),
    /** Random unless given; 0 hides nothing. */
    inputSalt: Type.Optional(FieldElementSchema),
  },
  CLOSED,
);

/** The body of `POST /v1/jobs`; the header Idempotency-Key names it. */
export const JobSubmissionSchema = Type.Object(
  {
    modelDigest: HexDigestSchema,
    input: Type.Union([Type.Object({ envelope: EnvelopeSchema }, CLOSED), RealInputSchema]),
    /** What the proof is bound to; 0 unless given. */
    binder: Type.Optional(FieldElementSchema),
    /** After it the job is given up. */
    deadline: Type.Optional(TimeSchema),
    /** Where the job is posted when it has ended; https, public. */
    webhook: Type.Optional(Type.String({ maxLength: 2048, format: 'uri' })),
  },
  CLOSED,
);

/** `active`, or how it ended. */
export const JobStatusSchema = Type.Enum([
  'active',
  'done',
  'closed',
  'expired',
  'cancelled',
  'failed',
  'parked',
]);

/** What a job is doing, in the order of a chain request. */
export const StageSchema = Type.Enum(['fetch', 'infer', 'prove', 'settle', 'confirm', 'callback']);

/** One line of a job's timeline. */
export const JobEventSchema = Type.Object(
  {
    at: TimeSchema,
    stage: StageSchema,
    attempt: Type.Integer({ minimum: 1 }),
    what: Type.String({ description: 'begun, completed, retrying, or how the job ended' }),
    code: Type.Union([Type.String(), Type.Null()]),
  },
  CLOSED,
);

/** A request on chain that the job serves. */
export const JobOnChainSchema = Type.Object(
  {
    chainId: IntegerTextSchema,
    coprocessor: AddressSchema,
    requestId: Bytes32Schema,
    payee: AddressSchema,
    /** Of the fulfilment, once it is in a block. */
    transactionHash: Type.Union([Bytes32Schema, Type.Null()]),
    blockNumber: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    gasUsed: Type.Union([IntegerTextSchema, Type.Null()]),
    callbackSucceeded: Type.Union([Type.Boolean(), Type.Null()]),
  },
  CLOSED,
);

/** How far the current stage is, where it tells. */
export const StageProgressSchema = Type.Object(
  { step: Type.String(), done: Type.Number({ minimum: 0, maximum: 1 }) },
  CLOSED,
);

/** A job as it stands: the answer to a submission, to a question, and each event of a stream. */
export const JobViewSchema = Type.Object(
  {
    id: Type.String(),
    modelDigest: HexDigestSchema,
    status: JobStatusSchema,
    /** The current stage, or the one where it ended. */
    stage: StageSchema,
    route: Type.Array(StageSchema, { minItems: 1 }),
    attempt: Type.Integer({ minimum: 1 }),
    progress: Type.Union([StageProgressSchema, Type.Null()]),
    createdAt: TimeSchema,
    updatedAt: TimeSchema,
    deadline: Type.Union([TimeSchema, Type.Null()]),
    /** Known once the input is there. */
    inputHash: Type.Union([FieldElementSchema, Type.Null()]),
    /** Known once the model has run. */
    outputHash: Type.Union([FieldElementSchema, Type.Null()]),
    hasProof: Type.Boolean(),
    /** A code when it has ended, such as QUEUE_DONE or that of the error. */
    outcomeCode: Type.Union([Type.String(), Type.Null()]),
    events: Type.Array(JobEventSchema),
    chain: Type.Union([JobOnChainSchema, Type.Null()]),
  },
  CLOSED,
);

/** One output tensor, read. */
export const OutputReadingSchema = Type.Object(
  {
    name: Type.String(),
    shape: Type.Array(Type.Integer({ minimum: 1 })),
    integers: Type.Array(IntegerTextSchema),
    reals: Type.Array(Type.Number()),
    predicted: Type.Optional(Type.Integer({ minimum: 0 })),
    label: Type.Optional(Type.String()),
  },
  CLOSED,
);

/** What a job gave: `proof.json`, `public.json`, and what opens the output. */
export const JobResultSchema = Type.Object(
  {
    jobId: Type.String(),
    modelDigest: HexDigestSchema,
    proof: Type.Record(Type.String(), Type.Unknown()),
    publicSignals: Type.Array(FieldElementSchema),
    outputs: Type.Array(OutputReadingSchema),
    outputWords: Type.Array(FieldElementSchema),
    outputSalt: FieldElementSchema,
    /** Who computed it and how long that took. */
    engine: Type.String(),
    backend: Type.String(),
    inferenceMs: DurationSchema,
    witnessMs: DurationSchema,
    proofMs: DurationSchema,
  },
  CLOSED,
);

/** The body of `POST /v1/quotes`. */
export const QuoteRequestSchema = Type.Object({ modelDigest: HexDigestSchema }, CLOSED);

/** What a request would take and cost if it came now. */
export const QuoteSchema = Type.Object(
  {
    modelDigest: HexDigestSchema,
    /** Until a proof is there, waiting included. */
    expectedMs: DurationSchema,
    proofMs: DurationSchema,
    waitingJobs: Type.Integer({ minimum: 0 }),
    /** For each chain, the least worker fee that would be admitted now, in its own currency. */
    chains: Type.Array(
      Type.Object(
        {
          chainId: IntegerTextSchema,
          modelId: Bytes32Schema,
          workerFee: IntegerTextSchema,
          modelPrice: IntegerTextSchema,
          /** The soonest deadline that would be admitted now, Unix seconds. */
          earliestDeadline: Type.Integer({ minimum: 0 }),
        },
        CLOSED,
      ),
    ),
    validUntil: TimeSchema,
  },
  CLOSED,
);

/** An envelope was stored: what a request on chain names as its input. */
export const StoredEnvelopeSchema = Type.Object(
  { inputHash: FieldElementSchema, uri: Type.String() },
  CLOSED,
);

/** The body of `POST /v1/jobs`. */
export type JobSubmission = Static<typeof JobSubmissionSchema>;
/** A job as it stands. */
export type JobView = Static<typeof JobViewSchema>;
/** A request on chain that a job serves. */
export type JobOnChain = Static<typeof JobOnChainSchema>;
/** One output tensor, read. */
export type OutputReading = Static<typeof OutputReadingSchema>;
/** What a job gave. */
export type JobResult = Static<typeof JobResultSchema>;
/** What a request would take and cost. */
export type Quote = Static<typeof QuoteSchema>;
/** How far a stage is. */
export type StageProgress = Static<typeof StageProgressSchema>;
/** The answer to an envelope. */
export type StoredEnvelope = Static<typeof StoredEnvelopeSchema>;
