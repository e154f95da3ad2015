/** What a service with a busy hour behind it would tell; every text that can be hostile is. */
import {
  JobListSchema,
  JobResultSchema,
  type JobView,
  JobViewSchema,
  type Overview,
  OverviewSchema,
  readSchema,
} from '@zkinfer/core/service';
import { seededRandom } from '@zkinfer/core/testing';

/** Markup that would run if it ever became part of the page. */
export const HOSTILE = '<img src=x onerror="globalThis.hacked=1"><script>hacked=1</script>';

const MINUTE = 60_000;
const COPROCESSOR = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const SIGNER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const DIGEST = 'a3f1'.repeat(16);
const PROVING = `r-31337-${'5b'.repeat(32)}`;

/** A busy service at `now`. @param hostile what stands where outsiders may choose the text */
export function sampleOverview(now: number, hostile = HOSTILE): Overview {
  return readSchema(
    OverviewSchema,
    {
      at: now,
      version: '0.1.0',
      startedAt: now - 27 * 60 * MINUTE,
      backend: { name: 'bullmq', ok: true, problems: [] },
      queues: QUEUES,
      jobs: COUNTS,
      latencies: LATENCIES,
      workers: workers(now, hostile),
      chains: chains(hostile),
      minutes: sampleMinutes(now),
    },
    'the sample overview',
  );
}

/** A service that has just been started. */
export function emptyOverview(now: number): Overview {
  const none = { queues: [], latencies: [], workers: [], chains: [], minutes: [], jobs: [] };
  const backend = { name: 'in-process', ok: true, problems: [] };
  const overview = { at: now, version: '0.1.0', startedAt: now - 4_000, backend, ...none };
  return readSchema(OverviewSchema, overview, 'the empty overview');
}

/** Jobs of every kind, the latest first. */
export function sampleJobs(now: number, hostile = HOSTILE): JobView[] {
  const jobs = [
    provingJob(now),
    failedJob(now, hostile),
    fulfilledJob(now, 1),
    parkedJob(now),
    ...Array.from({ length: 7 }, (_, i) => fulfilledJob(now, i + 2)),
  ];
  return readSchema(JobListSchema, { jobs, next: null }, 'the sample jobs').jobs;
}

/** What the fulfilled jobs gave. */
export function sampleResult(jobId: string): unknown {
  const point = ['1234567890123456789012345678901234567890', '98765432109876543210', '1'];
  const result = {
    jobId,
    modelDigest: DIGEST,
    proof: { pi_a: point, pi_b: [point, point, point], pi_c: point, protocol: 'groth16' },
    publicSignals: ['5129', '7718', '0'],
    outputs: [
      {
        name: 'species',
        shape: [3],
        integers: ['-12', '4', '131'],
        reals: [-0.375, 0.125, 4.09375],
        predicted: 2,
        label: 'virginica',
      },
    ],
    outputWords: ['40511'],
    outputSalt: '99',
    engine: 'wasm',
    backend: 'interpreter',
    inferenceMs: 3.2,
    witnessMs: 21,
    proofMs: 2_140,
  };
  return readSchema(JobResultSchema, result, 'the sample result');
}

const QUEUES: Overview['queues'] = [
  { stage: 'fetch', waiting: 2, delayed: 1, running: 1 },
  { stage: 'infer', waiting: 4, delayed: 0, running: 1 },
  { stage: 'prove', waiting: 31, delayed: 2, running: 3 },
  { stage: 'settle', waiting: 0, delayed: 0, running: 1 },
  { stage: 'confirm', waiting: 0, delayed: 9, running: 2 },
  { stage: 'callback', waiting: 0, delayed: 0, running: 0 },
];

const COUNTS: Overview['jobs'] = [
  { status: 'active', count: 57 },
  { status: 'done', count: 12_408 },
  { status: 'failed', count: 2 },
  { status: 'parked', count: 1 },
  { status: 'expired', count: 14 },
  { status: 'cancelled', count: 3 },
  { status: 'closed', count: 21 },
];

const LATENCIES: Overview['latencies'] = [
  { stage: 'fetch', count: 655, p50Ms: 48, p95Ms: 220, p99Ms: 910 },
  { stage: 'infer', count: 655, p50Ms: 12, p95Ms: 36, p99Ms: 80 },
  { stage: 'prove', count: 651, p50Ms: 6_200, p95Ms: 14_800, p99Ms: 21_300 },
  { stage: 'settle', count: 648, p50Ms: 340, p95Ms: 1_900, p99Ms: 4_200 },
  { stage: 'confirm', count: 640, p50Ms: 26_000, p95Ms: 39_000, p99Ms: 75_000 },
  { stage: 'callback', count: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 },
];

function workers(now: number, hostile: string): unknown[] {
  const shared = {
    version: '0.1.0',
    startedAt: now - 9 * 60 * MINUTE,
    engine: 'wasm',
    backends: { [DIGEST]: 'interpreter', ['b0'.repeat(32)]: 'interpreter' },
    allowedModels: null,
    unusableModels: [],
    memoryLimitBytes: 8 * 2 ** 30,
    tasksFailed: 0,
    draining: false,
  };
  const task = { stage: 'prove', modelDigest: DIGEST };
  return [
    {
      ...shared,
      workerId: 'amber-prover-1',
      host: 'rack-2.example',
      processId: 4711,
      at: now - 1_400,
      concurrency: 2,
      running: [
        { ...task, jobId: PROVING, since: now - 4_100, progress: { step: 'msm', done: 0.62 } },
        { ...task, jobId: `r-31337-${'3c'.repeat(32)}`, since: now - 900, progress: null },
      ],
      proofsDone: 5_120,
      memoryBytes: 7_800 * 2 ** 20,
      loadPerCore: 1.82,
    },
    {
      ...shared,
      workerId: 'birch-gpu-1',
      host: hostile,
      processId: 90,
      at: now - 3_000,
      engine: hostile.slice(0, 40),
      backends: { [DIGEST]: 'tensorflow' },
      concurrency: 4,
      allowedModels: [DIGEST],
      unusableModels: [{ modelDigest: DIGEST, code: hostile, until: now + MINUTE }],
      running: [],
      proofsDone: 7_204,
      tasksFailed: 3,
      memoryBytes: 2_150 * 2 ** 20,
      loadPerCore: 0.21,
      draining: true,
    },
    {
      ...shared,
      workerId: 'cedar-spare',
      host: 'rack-9.example',
      processId: 12,
      at: now - 4 * MINUTE,
      backends: {},
      concurrency: 1,
      running: [],
      proofsDone: 84,
      memoryBytes: 0,
      loadPerCore: 0,
    },
  ];
}

function chains(hostile: string): unknown[] {
  const shared = { coprocessor: COPROCESSOR, signer: SIGNER, payee: SIGNER };
  return [
    {
      ...shared,
      chainId: '31337',
      head: 21_408_113,
      confirmedTo: 21_408_101,
      openRequests: 44,
      pendingTransactions: 2,
      balance: '1893400000000000000',
      withdrawable: '412000000000000000',
      problem: null,
    },
    {
      ...shared,
      chainId: '84532',
      signer: null,
      head: 902_144,
      confirmedTo: -1,
      openRequests: 0,
      pendingTransactions: 0,
      balance: '0',
      withdrawable: '71000000',
      problem: hostile,
    },
  ];
}

function sampleMinutes(now: number): Overview['minutes'] {
  const random = seededRandom(7);
  const last = Math.floor(now / MINUTE) * MINUTE;
  return Array.from({ length: 60 }, (_, i) => {
    const wave = 1 + Math.sin(i / 7);
    const submitted = Math.round(6 + 6 * wave + random.int(0, 5));
    const done = i > 20 && i < 24 ? 0 : Math.round(5 + 6 * wave + random.int(0, 4));
    const p50Ms = done === 0 ? null : 31_000 + 5_000 * wave + random.int(0, 4_000);
    return {
      at: last - (59 - i) * MINUTE,
      submitted,
      done,
      failed: i === 41 ? 2 : 0,
      p50Ms,
      p95Ms: p50Ms === null ? null : p50Ms * 1.5 + random.int(0, 9_000),
      gasUsed: String(done * 92_000),
      spent: String(BigInt(done) * 92_000n * 1_100_000_000n),
      earned: String(BigInt(done) * 900_000_000_000_000n),
    };
  });
}

/** Tried twice in the first stage, now at its proof. */
function provingJob(now: number): unknown {
  const at = now - 9_000;
  const events = [
    event(at, 'fetch', 1, 'begun'),
    event(at + 700, 'fetch', 1, 'retrying', 'QUEUE_URL_TIMEOUT'),
    event(at + 1_900, 'fetch', 2, 'begun'),
    event(at + 2_300, 'fetch', 2, 'completed'),
    event(at + 2_300, 'infer', 1, 'begun'),
    event(at + 2_420, 'infer', 1, 'completed'),
    event(at + 2_420, 'prove', 1, 'begun'),
  ];
  return {
    ...job(PROVING, at, now, events),
    status: 'active',
    stage: 'prove',
    progress: { step: 'msm', done: 0.62 },
    deadline: now + 9 * MINUTE,
    inputHash: '14823659173605823467234098723409872340987',
    outputHash: '20938740923874098237409823740982374098',
  };
}

function failedJob(now: number, hostile: string): unknown {
  const at = now - 80_000;
  const events = [event(at, 'fetch', 1, 'begun'), event(at + 60, 'fetch', 1, 'failed', hostile)];
  return {
    ...job(`h-${'c4'.repeat(20)}`, at, at + 60, events),
    status: 'failed',
    stage: 'fetch',
    outcomeCode: hostile,
    route: ['fetch', 'infer', 'prove'],
    chain: null,
  };
}

function parkedJob(now: number): unknown {
  const at = now - 7 * MINUTE;
  const events = [event(at, 'infer', 1, 'begun'), event(at + 9_000, 'infer', 1, 'parked')];
  return {
    ...job(`r-31337-${'d9'.repeat(32)}`, at, at + 9_000, events),
    status: 'parked',
    stage: 'infer',
    outcomeCode: 'QUEUE_POISONED',
  };
}

/** All the way, `age` minutes ago. */
function fulfilledJob(now: number, age: number): JobView {
  const at = now - age * MINUTE;
  const ends = { fetch: 90, infer: 130, prove: 6_400, settle: 6_900, confirm: 33_000 } as const;
  let begin = at;
  const events = Object.entries(ends).flatMap(([stage, end]) => {
    const both = [event(begin, stage, 1, 'begun'), event(at + end, stage, 1, 'completed')];
    begin = at + end;
    return both;
  });
  const id = `r-31337-${age.toString(16).padStart(2, '0').repeat(32)}`;
  const base = job(id, at, at + 33_000, [...events, event(begin, 'confirm', 1, 'done')]);
  const fulfilled = {
    ...base,
    status: 'done',
    stage: 'confirm',
    outcomeCode: 'QUEUE_DONE',
    hasProof: true,
    inputHash: '14823659173605823467234098723409872340987',
    outputHash: '20938740923874098237409823740982374098',
    chain: {
      ...base.chain,
      transactionHash: `0x${'e7'.repeat(32)}`,
      blockNumber: 21_408_090,
      gasUsed: '211480',
      callbackSucceeded: true,
    },
  };
  return readSchema(JobViewSchema, fulfilled, 'a sample job');
}

function job(id: string, createdAt: number, updatedAt: number, events: readonly unknown[]) {
  const unknown = { transactionHash: null, blockNumber: null, gasUsed: null };
  const requestId = `0x${id.split('-').at(-1)!.padStart(64, '0')}`;
  return {
    id,
    modelDigest: DIGEST,
    route: ['fetch', 'infer', 'prove', 'settle', 'confirm', 'callback'],
    attempt: 1,
    progress: null,
    createdAt,
    updatedAt,
    deadline: null,
    inputHash: null,
    outputHash: null,
    hasProof: false,
    outcomeCode: null,
    events,
    chain: {
      chainId: '31337',
      coprocessor: COPROCESSOR,
      requestId,
      payee: SIGNER,
      ...unknown,
      callbackSucceeded: null,
    },
  };
}

function event(at: number, stage: string, attempt: number, what: string, code?: string): unknown {
  return { at, stage, attempt, what, code: code ?? null };
}
