/**
 * The raw data of a study: everything that was measured, as it was measured, in one JSON file. Tables,
 * charts, money and comparisons are worked out from it and never stored. Written anew after each
 * measurement, so that an interrupted run keeps what it has.
 */
import Type, { type Static } from 'typebox';

const CLOSED = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });
const milliseconds = Type.Number({ minimum: 0 });
const bytes = Type.Integer({ minimum: 0 });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** What the figures depend on besides the code. */
export const StudyMachineSchema = Type.Object(
  {
    processor: Type.String(),
    /** Those that the run was allowed to use. */
    cores: Type.Integer({ minimum: 1 }),
    memoryBytes: bytes,
    system: Type.String(),
    /** Processes that wanted a core in the last minute before the run. */
    loadBefore: Type.Number({ minimum: 0 }),
  },
  CLOSED,
);

/** Stated prices that money is worked out from. */
export const PricesSchema = Type.Object(
  {
    currency: Type.String(),
    machineHour: Type.Number({ minimum: 0 }),
    /** In 10^-9 of the chain's coin. */
    gasPriceGwei: Type.Number({ minimum: 0 }),
    /** Of the chain's coin. */
    coin: Type.Number({ minimum: 0 }),
    /** Where these come from. */
    source: Type.String(),
  },
  CLOSED,
);

/** A network whose predictions were compared with the float model's. */
export const AccuracySchema = Type.Object(
  { samples: count, floatCorrect: count, integerCorrect: count, changed: count },
  CLOSED,
);

/** A model, as one compiler makes a circuit of it. */
export const StudyModelSchema = Type.Object(
  {
    /** Unique in the run, such as `lenet5`, `parameters-4096`. */
    name: Type.String(),
    title: Type.String(),
    /** Trained weights, or seeded ones. */
    weights: Type.Union([Type.Literal('trained'), Type.Literal('seeded')]),
    /** The ladder that it is a rung of. */
    ladder: orNull(Type.Union([Type.Literal('parameters'), Type.Literal('activations')])),
    parameters: count,
    /** Elements that are requantised, activated or pooled by a maximum. */
    activations: count,
    accuracy: orNull(AccuracySchema),
  },
  CLOSED,
);

/** A circuit of a model. */
export const StudyCircuitSchema = Type.Object(
  {
    model: Type.String(),
    /** `zkinfer`, `circomlib-ml`. */
    compiler: Type.String(),
    rows: count,
    wires: count,
    /** Coefficients of A, B and C. */
    nonZeros: count,
    domainLog2: count,
    keyBytes: bytes,
    proofBytes: bytes,
    publicSignals: count,
  },
  CLOSED,
);

/** What is timed. `infer`: the plain network, no proof. Cold: a new process, key read from disk. */
export const PHASES = [
  'compile',
  'setup',
  'infer',
  'witness',
  'prove-cold',
  'prove-warm',
  'verify',
] as const;

/** One measurement. */
export const SampleSchema = Type.Object(
  {
    model: Type.String(),
    compiler: Type.String(),
    /** `wasm`, `snarkjs`, a name of --with, `tfjs`; of compile, setup and witness: the compiler. */
    engine: Type.String(),
    phase: Type.Enum(PHASES),
    /** Samples of one round were taken one right after the other. */
    round: count,
    milliseconds,
    /** All cores, all processes of the tree; null where nobody tells. */
    cpuMilliseconds: orNull(milliseconds),
    /** Largest resident memory of the whole process tree; null where nobody tells. */
    peakBytes: orNull(bytes),
  },
  CLOSED,
);

/**
 * Gas of the real contracts on a local node: the same for all models of three public signals, but for
 * their words. Here input and output are a word each.
 */
export const GasSampleSchema = Type.Object(
  {
    /** `verify`: the verifier alone; `fulfill`: the whole settlement with payment. */
    call: Type.Union([Type.Literal('verify'), Type.Literal('fulfill')]),
    /** Proofs in one transaction. */
    batch: Type.Integer({ minimum: 1 }),
    /** Of the transaction, its 21,000 and calldata included. */
    gasUsed: count,
  },
  CLOSED,
);

/** Something that could not be measured; the suite went on. */
export const StudyFailureSchema = Type.Object(
  {
    model: Type.String(),
    compiler: Type.String(),
    engine: Type.String(),
    phase: Type.String(),
    code: Type.String(),
    what: Type.String(),
  },
  CLOSED,
);

/** The contents of a run's file. */
export const StudyRunSchema = Type.Object(
  {
    format: Type.Literal('zkinfer-bench-run'),
    version: Type.Literal(1),
    suite: Type.String(),
    startedAt: Type.String(),
    /** Null when it was interrupted. */
    finishedAt: orNull(Type.String()),
    /** The command line that reproduces it. */
    command: Type.String(),
    repeat: Type.Integer({ minimum: 1 }),
    machine: StudyMachineSchema,
    versions: Type.Record(Type.String(), Type.String()),
    /** Such as a loaded machine. */
    warnings: Type.Array(Type.String()),
    prices: PricesSchema,
    models: Type.Array(StudyModelSchema),
    circuits: Type.Array(StudyCircuitSchema),
    samples: Type.Array(SampleSchema),
    gas: Type.Array(GasSampleSchema),
    failures: Type.Array(StudyFailureSchema),
  },
  CLOSED,
);

export type Phase = (typeof PHASES)[number];
export type StudyMachine = Static<typeof StudyMachineSchema>;
export type Prices = Static<typeof PricesSchema>;
export type Accuracy = Static<typeof AccuracySchema>;
export type StudyModel = Static<typeof StudyModelSchema>;
export type StudyCircuit = Static<typeof StudyCircuitSchema>;
export type Sample = Static<typeof SampleSchema>;
export type GasSample = Static<typeof GasSampleSchema>;
export type StudyFailure = Static<typeof StudyFailureSchema>;
export type StudyRun = Static<typeof StudyRunSchema>;
