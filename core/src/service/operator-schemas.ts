/** What operators see: workers, queues, signers, chains. */
import Type, { type Static } from 'typebox';
import { JobStatusSchema, JobViewSchema, StageProgressSchema, StageSchema } from './job-schemas.ts';
import {
  AddressSchema,
  CLOSED,
  DurationSchema,
  HexDigestSchema,
  IntegerTextSchema,
  TimeSchema,
} from './json-schemas.ts';

/** A task in a worker's hands. */
export const RunningTaskSchema = Type.Object(
  {
    jobId: Type.String(),
    stage: StageSchema,
    modelDigest: HexDigestSchema,
    since: TimeSchema,
    progress: Type.Union([StageProgressSchema, Type.Null()]),
  },
  CLOSED,
);

/** A model that a worker cannot serve for now. */
export const UnusableModelSchema = Type.Object(
  {
    modelDigest: HexDigestSchema,
    /** Of the error: a file that is damaged, a key that is missing or too large. */
    code: Type.String(),
    /** When the worker tries again. */
    until: TimeSchema,
  },
  CLOSED,
);

/** What a worker tells of itself every few seconds. */
export const WorkerStatusSchema = Type.Object(
  {
    workerId: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,79}$' }),
    host: Type.String(),
    processId: Type.Integer({ minimum: 1 }),
    version: Type.String(),
    at: TimeSchema,
    startedAt: TimeSchema,
    engine: Type.String(),
    /** Of quantised inference, by model: `interpreter`, or a TF.js backend that is bit-exact. */
    backends: Type.Record(Type.String(), Type.String()),
    concurrency: Type.Integer({ minimum: 1 }),
    /** Model digests; null serves all. */
    allowedModels: Type.Union([Type.Array(HexDigestSchema), Type.Null()]),
    unusableModels: Type.Array(UnusableModelSchema),
    running: Type.Array(RunningTaskSchema),
    proofsDone: Type.Integer({ minimum: 0 }),
    tasksFailed: Type.Integer({ minimum: 0 }),
    memoryBytes: Type.Integer({ minimum: 0 }),
    memoryLimitBytes: Type.Integer({ minimum: 0 }),
    /** Run-queue length of the machine over a minute, per core. */
    loadPerCore: Type.Number({ minimum: 0 }),
    draining: Type.Boolean(),
  },
  CLOSED,
);

/** One stage's queue. */
export const QueueDepthSchema = Type.Object(
  {
    stage: StageSchema,
    waiting: Type.Integer({ minimum: 0 }),
    delayed: Type.Integer({ minimum: 0 }),
    running: Type.Integer({ minimum: 0 }),
  },
  CLOSED,
);

/** How long stages took lately. */
export const StageLatencySchema = Type.Object(
  {
    stage: StageSchema,
    count: Type.Integer({ minimum: 0 }),
    p50Ms: DurationSchema,
    p95Ms: DurationSchema,
    p99Ms: DurationSchema,
  },
  CLOSED,
);

/** One chain that is served. */
export const ChainStatusSchema = Type.Object(
  {
    chainId: IntegerTextSchema,
    coprocessor: AddressSchema,
    signer: Type.Union([AddressSchema, Type.Null()]),
    payee: AddressSchema,
    head: Type.Integer({ minimum: 0 }),
    confirmedTo: Type.Integer({ minimum: -1 }),
    openRequests: Type.Integer({ minimum: 0 }),
    /** Transactions that are not final. */
    pendingTransactions: Type.Integer({ minimum: 0 }),
    /** Wei of the signer, and what it could withdraw. */
    balance: IntegerTextSchema,
    withdrawable: IntegerTextSchema,
    problem: Type.Union([Type.String(), Type.Null()]),
  },
  CLOSED,
);

/** One minute of the past, for charts. */
export const MinuteSchema = Type.Object(
  {
    at: TimeSchema,
    submitted: Type.Integer({ minimum: 0 }),
    done: Type.Integer({ minimum: 0 }),
    failed: Type.Integer({ minimum: 0 }),
    /** Of jobs that ended in this minute, submission to end; null without any. */
    p50Ms: Type.Union([DurationSchema, Type.Null()]),
    p95Ms: Type.Union([DurationSchema, Type.Null()]),
    /** Gas of fulfilments in this minute. */
    gasUsed: IntegerTextSchema,
    /** Wei: what these transactions cost, and what they earned in the chains' own currencies. */
    spent: IntegerTextSchema,
    earned: IntegerTextSchema,
  },
  CLOSED,
);

/** All at a glance. */
export const OverviewSchema = Type.Object(
  {
    at: TimeSchema,
    version: Type.String(),
    startedAt: TimeSchema,
    backend: Type.Object(
      { name: Type.String(), ok: Type.Boolean(), problems: Type.Array(Type.String()) },
      CLOSED,
    ),
    queues: Type.Array(QueueDepthSchema),
    jobs: Type.Array(
      Type.Object({ status: JobStatusSchema, count: Type.Integer({ minimum: 0 }) }, CLOSED),
    ),
    latencies: Type.Array(StageLatencySchema),
    workers: Type.Array(WorkerStatusSchema),
    chains: Type.Array(ChainStatusSchema),
    /** The last hour, oldest first. */
    minutes: Type.Array(MinuteSchema),
  },
  CLOSED,
);

/**
 * One page of jobs, the latest first: the answer to `GET /v1/operator/jobs`, whose query takes
 * `status`, `limit`, and `after`, the `next` of the page before.
 */
export const JobListSchema = Type.Object(
  { jobs: Type.Array(JobViewSchema), next: Type.Union([Type.String(), Type.Null()]) },
  CLOSED,
);

/** A task in a worker's hands. */
export type RunningTask = Static<typeof RunningTaskSchema>;
/** A model that a worker cannot serve for now. */
export type UnusableModelStatus = Static<typeof UnusableModelSchema>;
/** A worker's own words. */
export type WorkerStatus = Static<typeof WorkerStatusSchema>;
/** A chain that is served. */
export type ChainStatus = Static<typeof ChainStatusSchema>;
/** One stage's queue. */
export type QueueDepth = Static<typeof QueueDepthSchema>;
/** One minute of the past. */
export type Minute = Static<typeof MinuteSchema>;
/** All at a glance. */
export type Overview = Static<typeof OverviewSchema>;
/** One page of jobs. */
export type JobList = Static<typeof JobListSchema>;
