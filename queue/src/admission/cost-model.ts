/**
 * How long inferences take and what fulfilments cost, from what was measured lately; before anything
 * was, from the circuit's size as `zkinfer inspect` estimates it.
 */
import { type CircuitSummary, estimateCost } from '@zkinfer/circuits';
import type { JobBackend } from '../backend/job-backend.ts';
import { readInferenceRequest } from '../jobs/inference-request.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import { findStageResult } from '../jobs/stage-results.ts';
import { Records } from '../store/records.ts';
import { ABSENT, type Store } from '../store/store.ts';
import { FULFIL_GAS } from './fulfilment-gas.ts';
import { AVERAGES, withSample } from './moving-average.ts';

/** How busy the service is. */
export interface ServiceLoad {
  /** Jobs that are not proved yet. */
  readonly waitingJobs: number;
  /** Proofs that all live workers make at a time. */
  readonly provers: number;
}

/** What a cost model works with. */
export interface CostModelOptions {
  readonly store: Store;
  /** The circuit of a model that is served. */
  readonly circuitOf: (modelDigest: string) => CircuitSummary | undefined;
  readonly load: () => Promise<ServiceLoad>;
  /** Threads of a worker, for estimates; 4 unless told. */
  readonly workerThreads?: number;
}

/** How long a request of a model would take if it came now. */
export interface Expectation {
  /** Until a worker takes it. */
  readonly waitMs: number;
  /** Running the network. */
  readonly inferMs: number;
  /** Witness and proof. */
  readonly proveMs: number;
  readonly waitingJobs: number;
}

const WORKER_THREADS = 4;

/** The network runs in a small share of what its proof takes: as long as nothing is measured. */
const INFERENCE_SHARE = 0.1;

/** Times and costs, learned. */
export class CostModel {
  readonly #store: Store;
  readonly #averages: Records<{ value: number; samples: number }>;
  readonly #options: CostModelOptions;

  constructor(options: CostModelOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#averages = new Records(options.store, AVERAGES);
  }

  /**
   * Learns from every job of a pipeline until the function that it gives is called.
   * @param failed told of what could not be stored
   */
  follow(pipeline: Pipeline, failed: (error: unknown) => void): () => void {
    return pipeline.onTransition((job, before) => {
      this.#learn(job, before).catch(failed);
    });
  }

  /** Learns what a fulfilment took, callbacks aside. @param gas of one request of one transaction */
  async noteFulfilment(chainId: bigint, gas: bigint): Promise<void> {
    await this.#note(gasId(chainId), Number(gas));
  }

  /** Gas of a fulfilment without its callback. */
  async fulfilGas(chainId: bigint): Promise<bigint> {
    const average = await this.#averages.get(gasId(chainId));
    return average === undefined ? FULFIL_GAS.first : BigInt(Math.ceil(average.record.value));
  }

  /** How long a request would take now; undefined for a model that is not served. */
  async expectation(modelDigest: string): Promise<Expectation | undefined> {
    const circuit = this.#options.circuitOf(modelDigest);
    if (circuit === undefined) return undefined;
    const estimate = estimateCost(circuit, this.#options.workerThreads ?? WORKER_THREADS).proveMs;
    const proveMs = (await this.#value(`prove-${modelDigest}`)) ?? estimate;
    const inferMs = (await this.#value(`infer-${modelDigest}`)) ?? INFERENCE_SHARE * proveMs;
    const { waitingJobs, provers } = await this.#options.load();
    const perJobMs = (await this.#value(ALL_JOBS)) ?? inferMs + proveMs;
    // With no worker at the moment the next one that comes is waited for, for how long nobody knows.
    const waitMs = (waitingJobs * perJobMs) / Math.max(1, provers);
    return { waitMs, inferMs, proveMs, waitingJobs };
  }

  async #learn(job: JobRecord, before: JobRecord | undefined): Promise<void> {
    const isNew = (stage: 'infer' | 'prove') =>
      job.results[stage] !== undefined && before?.results[stage] === undefined;
    if (!isNew('infer') && !isNew('prove')) return;
    const { modelDigest } = readInferenceRequest(job.request);
    const infer = findStageResult(job.results, 'infer');
    if (isNew('infer')) await this.#note(`infer-${modelDigest}`, infer!.inferenceMs);
    if (!isNew('prove')) return;
    const { witnessMs, proofMs } = findStageResult(job.results, 'prove')!;
    await this.#note(`prove-${modelDigest}`, witnessMs + proofMs);
    await this.#note(ALL_JOBS, (infer?.inferenceMs ?? 0) + witnessMs + proofMs);
  }

  async #value(id: string): Promise<number | undefined> {
    return (await this.#averages.get(id))?.record.value;
  }

  async #note(id: string, sample: number): Promise<void> {
    for (;;) {
      const stored = await this.#averages.get(id);
      const average = withSample(stored?.record, sample);
      const put = this.#averages.put(id, average, stored?.version ?? ABSENT);
      if ((await this.#store.commit([put], { flush: false })).committed) return;
    }
  }
}

/** A load as a backend's queues tell it. @param provers proofs that live workers make at a time */
export function loadOf(backend: JobBackend, provers: () => number): () => Promise<ServiceLoad> {
  return async () => {
    const queues = await Promise.all([backend.counts('infer'), backend.counts('prove')]);
    const waitingJobs = queues.reduce((sum, { waiting, running }) => sum + waiting + running, 0);
    return { waitingJobs, provers: provers() };
  };
}

/** The average of all models' jobs. */
const ALL_JOBS = 'job';

function gasId(chainId: bigint): string {
  return `gas-${chainId}`;
}
