/**
 * A chain service in all its parts on a local chain: real contracts, jobs and transactions; proofs
 * are valid, made from the key's trapdoor in no time.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { CircuitSummary } from '@zkinfer/circuits';
import {
  inlineInputHash,
  type JsonRpcApiProvider,
  type RequestPlan,
  type RequestWish,
} from '@zkinfer/verifier-contracts';
import { developmentWallet, openProvider } from '@zkinfer/verifier-contracts/node';
import { TEST_IDENTITY, TEST_WORDS, TestMarket } from '@zkinfer/verifier-contracts/testing';
import { CostModel } from '../admission/cost-model.ts';
import { InProcessBackend } from '../backend/in-process-backend.ts';
import type { Consumer } from '../backend/job-backend.ts';
import { EndpointSelector } from '../chain/endpoint-selector.ts';
import { Dispatcher } from '../jobs/dispatcher.ts';
import { chainJobId } from '../jobs/job-ids.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import { Pipeline } from '../jobs/pipeline.ts';
import { type StageHandler, startStageWorker } from '../jobs/stage-worker.ts';
import {
  CHAIN_ROUTE,
  DEFAULT_STAGES,
  type StageDefinitions,
  type StageName,
} from '../jobs/stages.ts';
import { ChainService, type ChainServiceOptions } from '../settlement/chain-service.ts';
import { chainRequestOf } from '../settlement/settlement-handlers.ts';
import type { SettlementPolicy } from '../settlement/settlement-policy.ts';
import type { Store } from '../store/store.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';
import { MemoryStore } from './memory-store.ts';

const GWEI = 1_000_000_000n;

/** The account that settles: the third of anvil's. */
export const SERVICE_ACCOUNT = 2;

/** Quick, so that tests are. */
const POLICY: Partial<SettlementPolicy> = {
  confirmations: 2,
  sending: {
    maxFeePerGas: 100n * GWEI,
    cancelMaxFeePerGas: 200n * GWEI,
    stuckAfterMs: 2_000,
    resendAfterMs: 300,
    giveUpAfterMs: 60_000,
  },
  pollMs: 25,
  reconcileMs: 200,
  sweepMs: 200,
  settleMs: 1_000,
  reexamineMs: 100,
  batchWindowMs: 50,
};

/** Errors that may pass do so at once. */
const STAGES = Object.fromEntries(
  Object.entries(DEFAULT_STAGES).map(([name, stage]) => [
    name,
    { ...stage, retry: { ...stage.retry, firstDelayMs: 50, longestDelayMs: 100, jitter: 0 } },
  ]),
) as StageDefinitions;

/** What a service on the market may be given. */
export interface ServeOptions {
  /** The store that it goes on with. */
  readonly store?: Store;
  /** Endpoints; the chain's own unless told. */
  readonly urls?: readonly string[];
  readonly policy?: Partial<SettlementPolicy>;
  readonly prices?: ChainServiceOptions['prices'];
  readonly modelPolicy?: ChainServiceOptions['modelPolicy'];
  readonly stages?: Partial<StageDefinitions>;
  /** The node over the endpoints; tests have it misbehave. */
  readonly nodeOf?: (providers: readonly JsonRpcApiProvider[]) => EndpointSelector;
  /** Called when a proof is there, before anybody knows of it. */
  readonly beforeProved?: (requestId: string) => Promise<void>;
}

/** A market whose requests are served. */
export class ServedMarket {
  readonly market: TestMarket;
  readonly blobs = new MemoryBlobStore();

  private constructor(market: TestMarket) {
    this.market = market;
  }

  static async start(): Promise<ServedMarket> {
    return new ServedMarket(await TestMarket.start());
  }

  async stop(): Promise<void> {
    await this.market.chain.stop();
  }

  /** Sends a call to the chain's node itself. */
  rpc(method: string, ...params: unknown[]): Promise<string> {
    return this.market.chain.provider.send(method, params);
  }

  async mine(blocks = 1): Promise<void> {
    await this.rpc('anvil_mine', `0x${blocks.toString(16)}`);
  }

  /** Makes a request of the market's model from the requester's account. */
  async request(changes: Partial<RequestWish> = {}): Promise<RequestPlan> {
    const { owner, requester } = this.market.accounts;
    const coprocessor = this.market.coprocessor(requester);
    const wish = await this.market.wish(changes);
    const plan = await coprocessor.plan(wish, this.market.registry(owner));
    await coprocessor.request(plan);
    return plan;
  }

  serve(options: ServeOptions = {}): Promise<ServedProcess> {
    return ServedProcess.open(this, options);
  }
}

/** Everything that runs in one process of the service, workers included. */
export class ServedProcess {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly service: ChainService;
  readonly #closing: (() => Promise<unknown>)[];

  private constructor(
    parts: Pick<ServedProcess, 'store' | 'pipeline' | 'service'>,
    closing: (() => Promise<unknown>)[],
  ) {
    this.store = parts.store;
    this.pipeline = parts.pipeline;
    this.service = parts.service;
    this.#closing = closing;
  }

  static async open(served: ServedMarket, options: ServeOptions): Promise<ServedProcess> {
    const { market } = served;
    const { store = new MemoryStore(), urls = [market.chain.url] } = options;
    const stages = { ...STAGES, ...options.stages };
    const pipeline = new Pipeline({ store, stages });
    const backend = await InProcessBackend.open(store);
    const dispatcher = await Dispatcher.start({ pipeline, backend, sweepMs: 500 });
    const providers = await Promise.all(urls.map((url) => openProvider(url)));
    const service = await openService(served, options, { store, pipeline, providers });
    const handlers = { ...workerHandlers(served, options), ...service.handlers };
    const report = (done: Parameters<Pipeline['apply']>[0]) => pipeline.apply(done);
    const workers: Consumer[] = [];
    for (const name of CHAIN_ROUTE) {
      const stage = pipeline.stages[name];
      const handler = handlers[name];
      workers.push(await startStageWorker({ backend, stage, handler, report, concurrency: 50 }));
    }
    return new ServedProcess({ store, pipeline, service }, [
      () => Promise.all(workers.map((worker) => worker.close())),
      () => service.close(),
      () => dispatcher.close(),
      () => backend.close(),
      async () => {
        for (const provider of providers) provider.destroy();
      },
    ]);
  }

  job(requestId: string): Promise<JobRecord | undefined> {
    return this.pipeline.get(chainJobId(31337n, requestId));
  }

  /** Ends it as if it had died: what fails while it ends is nobody's concern. */
  async kill(): Promise<void> {
    for (const close of this.#closing) await close().catch(() => {});
  }

  /** The store stays open, for the next process. */
  async close(): Promise<void> {
    for (const close of this.#closing) await close();
  }
}

async function openService(
  { market, blobs }: ServedMarket,
  options: ServeOptions,
  {
    store,
    pipeline,
    providers,
  }: { store: Store; pipeline: Pipeline; providers: JsonRpcApiProvider[] },
): Promise<ChainService> {
  const modelDigest = TEST_IDENTITY.modelDigest.slice(2);
  const load = async () => ({ waitingJobs: 0, provers: 1 });
  return ChainService.open({
    store,
    pipeline,
    blobs,
    node: options.nodeOf?.(providers) ?? new EndpointSelector(providers, 31337n),
    deployment: market.deployment,
    signer: developmentWallet(SERVICE_ACCOUNT),
    models: new Map([[modelDigest, { modelDigest, keyHash: market.keyHash, circuit: CIRCUIT }]]),
    costs: new CostModel({ store, circuitOf: () => CIRCUIT, load }),
    policy: { ...POLICY, ...options.policy },
    holder: randomUUID(),
    leaseMs: 2_000,
    ...(options.prices === undefined ? {} : { prices: options.prices }),
    ...(options.modelPolicy === undefined ? {} : { modelPolicy: options.modelPolicy }),
  });
}

/** A small circuit: all that times are estimated from. */
const CIRCUIT = {
  domainSizeLog2: 10,
  wires: 1_000,
  provingKeyBytes: 1,
  publicSignals: [],
} as unknown as CircuitSummary;

/** The stages that workers do, for inputs of TEST_WORDS. */
function workerHandlers(
  { market, blobs }: ServedMarket,
  { beforeProved }: ServeOptions,
): Readonly<Record<Exclude<StageName, 'settle' | 'confirm' | 'callback'>, StageHandler>> {
  const inputHash = String(inlineInputHash(TEST_WORDS, TEST_IDENTITY.inputSpec));
  const put = (value: unknown) => blobs.put(Buffer.from(JSON.stringify(value)));
  return {
    fetch: async () => ({ result: { envelope: digestOf('envelope'), inputHash } }),
    infer: async (task) => {
      const { requestId, payee } = chainRequestOf(task);
      const { outputWords, outputSalt, outputHash } = await market.deliver(requestId, payee);
      const output = await put({
        version: 1,
        modelDigest: TEST_IDENTITY.modelDigest.slice(2),
        outputWords: outputWords.map(String),
        outputSalt: String(outputSalt),
      });
      const done = { backend: 'interpreter', inferenceMs: 1, worker: 'w' };
      return { result: { output, outputHash: String(outputHash), ...done } };
    },
    prove: async (task) => {
      const { requestId, payee } = chainRequestOf(task);
      const { proof, outputHash } = await market.deliver(requestId, payee);
      const publicSignals = [String(outputHash), inputHash, String(task.request.binder)];
      const sha256 = await put({ version: 1, proof, publicSignals });
      await beforeProved?.(requestId);
      return {
        result: { proof: sha256, engine: 'simulated', witnessMs: 1, proofMs: 1, worker: 'w' },
      };
    },
  };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
