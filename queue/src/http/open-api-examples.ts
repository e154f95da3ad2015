/** What the OpenAPI document shows: consistent with each other, and with the schemas (a test). */

const modelDigest = 'a3f1'.repeat(16);
const circuitDigest = '7b02'.repeat(16);
const inputHash = '1923845712093845710293847510293845710293847510293847510293847';
const outputHash = '8812734098123740981237409812374098123740981237409812374098123';
const verificationKey = { protocol: 'groth16', curve: 'bn128', nPublic: 3 };
const chainId = '11155111';
const coprocessor = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const payee = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const at = 1_770_000_000_000;

const Envelope = {
  version: 1,
  modelDigest,
  words: ['10443521'],
  inputSalt: '2210938457120398457102938475102938475102938475102938475102938',
};

const JobView = {
  id: 'h-0f3c5a8e9b7d6c5f4e3d2c1b0a99887766554433',
  modelDigest,
  status: 'active',
  stage: 'prove',
  route: ['fetch', 'infer', 'prove'],
  attempt: 1,
  progress: { step: 'multi-exponentiation', done: 0.4 },
  createdAt: at,
  updatedAt: at + 150,
  deadline: null,
  inputHash,
  outputHash,
  hasProof: false,
  outcomeCode: null,
  events: [
    { at, stage: 'fetch', attempt: 1, what: 'begun', code: null },
    { at: at + 20, stage: 'fetch', attempt: 1, what: 'completed', code: null },
  ],
  chain: null,
};

const worker = {
  workerId: 'worker-1',
  host: 'gpu-7',
  processId: 4242,
  version: '0.1.0',
  at,
  startedAt: at - 3_600_000,
  engine: 'wasm',
  backends: { [modelDigest]: 'interpreter' },
  concurrency: 1,
  allowedModels: null,
  unusableModels: [],
  running: [],
  proofsDone: 120,
  tasksFailed: 1,
  memoryBytes: 400_000_000,
  memoryLimitBytes: 4_000_000_000,
  loadPerCore: 0.7,
  draining: false,
};

/** An example of each component, and of each body that is sent. */
export const EXAMPLES = {
  Envelope,
  JobSubmission: { modelDigest, input: { reals: [[5.1, 3.5, 1.4, 0.2]] }, binder: '0' },
  JobView,
  JobList: { jobs: [JobView], next: null },
  JobResult: {
    jobId: JobView.id,
    modelDigest,
    proof: { pi_a: ['1', '2', '1'], protocol: 'groth16', curve: 'bn128' },
    publicSignals: [outputHash, inputHash, '0'],
    outputs: [
      {
        name: 'logits',
        shape: [3],
        integers: ['120', '-31', '-99'],
        reals: [7.5, -1.9375, -6.1875],
        predicted: 0,
        label: 'setosa',
      },
    ],
    outputWords: ['5511'],
    outputSalt: '991827364519827364519827364',
    engine: 'wasm',
    backend: 'interpreter',
    inferenceMs: 0.4,
    witnessMs: 21,
    proofMs: 640,
  },
  ModelDescription: {
    modelDigest,
    circuitDigest,
    name: 'iris-mlp',
    inputs: [{ name: 'lengths', shape: [4], scale: 0.05, lo: 0, bits: 8 }],
    outputs: [
      {
        name: 'logits',
        shape: [3],
        scale: 0.0625,
        lo: '-512',
        bits: 10,
        meaning: 'logits',
        softmax: true,
        labels: ['setosa', 'versicolor', 'virginica'],
      },
    ],
    rows: 1_480,
    wires: 1_512,
    keyBytes: 812_000,
    hasCeremony: true,
    verificationKey,
    chains: [{ chainId, coprocessor, modelId: `0x${'c1'.repeat(32)}` }],
  },
  Overview: {
    at,
    version: '0.1.0',
    startedAt: at - 86_400_000,
    backend: { name: 'bullmq', ok: true, problems: [] },
    queues: [{ stage: 'prove', waiting: 3, delayed: 0, running: 1 }],
    jobs: [{ status: 'active', count: 4 }],
    latencies: [{ stage: 'prove', count: 120, p50Ms: 640, p95Ms: 900, p99Ms: 1_400 }],
    workers: [worker],
    chains: [
      {
        chainId,
        coprocessor,
        signer: payee,
        payee,
        head: 8_123_456,
        confirmedTo: 8_123_444,
        openRequests: 2,
        pendingTransactions: 1,
        balance: '1200000000000000000',
        withdrawable: '40000000000000000',
        problem: null,
      },
    ],
    minutes: [
      {
        at: at - (at % 60_000),
        submitted: 4,
        done: 3,
        failed: 0,
        p50Ms: 820,
        p95Ms: 1_900,
        gasUsed: '930000',
        spent: '1860000000000000',
        earned: '3000000000000000',
      },
    ],
  },
  Quote: {
    modelDigest,
    expectedMs: 2_400,
    proofMs: 640,
    waitingJobs: 3,
    chains: [
      {
        chainId,
        modelId: `0x${'c1'.repeat(32)}`,
        workerFee: '900000000000000',
        modelPrice: '0',
        earliestDeadline: 1_770_000_120,
      },
    ],
    validUntil: at + 60_000,
  },
  Readiness: {
    ready: false,
    checks: [
      { name: 'store', ok: true, problems: [] },
      { name: 'workers', ok: false, problems: ['no worker has been seen lately'] },
    ],
  },
  ServiceError: {
    error: {
      code: 'QUEUE_JOB_DIFFERS',
      what: 'there is a job of this id for another request',
      hint: 'Use a new idempotency key for a new request.',
      requestId: '3f0c7c52-6d1e-4a58-9c7e-0a8b6f1d2e3c',
    },
  },
  StoredEnvelope: { inputHash, uri: `zkinfer:input/${inputHash}` },
} as const;
