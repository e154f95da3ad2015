/**
 * One chain, served: follows its requests, admits those that are worth it, settles what is proved,
 * and sees to it that what the chain says and what is stored agree. One service for a chain and a
 * store; its handlers run in the same process.
 */
import { type Logger, SILENT_LOGGER } from '@zkinfer/core';
import type { ChainStatus, ModelDescription, Quote } from '@zkinfer/core/service';
import type { Deployment, Signer } from '@zkinfer/verifier-contracts';
import type { CostModel } from '../admission/cost-model.ts';
import { DEFAULT_PRICES, type Prices } from '../admission/prices.ts';
import type { BlobStore } from '../artifacts/blob-store.ts';
import type { FollowSummary } from '../chain/chain-follower.ts';
import type { EndpointSelector } from '../chain/endpoint-selector.ts';
import { TransactionSender } from '../chain/transaction-sender.ts';
import { chainJobId } from '../jobs/job-ids.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import type { StageHandler } from '../jobs/stage-worker.ts';
import { Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { AdmissionDesk, type AdmissionDeskParts } from './admission-desk.ts';
import { CallbackHandler } from './callback-handler.ts';
import { CoprocessorReader } from './coprocessor-reader.ts';
import { Reconciler } from './reconciler.ts';
import { type ModelPolicy, type ProvableModel, RegisteredModels } from './registered-models.ts';
import { LIVE_STATES, RequestBook } from './request-book.ts';
import { RequestFollower } from './request-follower.ts';
import type { RequestRecord, RequestState } from './request-record.ts';
import { RoundSignal } from './round-signal.ts';
import { SettlementDesk, type SettlementDeskParts } from './settlement-desk.ts';
import { SettlementHandlers } from './settlement-handlers.ts';
import { DEFAULT_SETTLEMENT_POLICY, type SettlementPolicy } from './settlement-policy.ts';
import { SETTLEMENTS } from './settlement-record.ts';
import { Sweeper, type SweeperParts } from './sweeper.ts';
import { WatchedLoops } from './watched-loops.ts';

/** What a chain service works with. */
export interface ChainServiceOptions {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly blobs: BlobStore;
  /** The chain's endpoints. */
  readonly node: EndpointSelector;
  readonly deployment: Deployment;
  readonly signer: Pick<Signer, 'getAddress' | 'signTransaction'>;
  /** Who is paid; the signer unless told. */
  readonly payee?: string;
  /** What the workers have, by model digest. May change. */
  readonly models: ReadonlyMap<string, ProvableModel>;
  readonly modelPolicy?: ModelPolicy;
  readonly costs: CostModel;
  readonly prices?: Partial<Prices>;
  readonly policy?: Partial<SettlementPolicy>;
  /** Unique to this process and run: holds the signer's lease. */
  readonly holder: string;
  readonly leaseMs?: number;
  readonly logger?: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** The stages that a chain service does itself. */
export type ChainHandlers = Readonly<Record<'settle' | 'confirm' | 'callback', StageHandler>>;

/** What a model costs on one chain. */
export type ChainQuote = Quote['chains'][number];

/** What the parts of a service have in common. */
type SharedParts = AdmissionDeskParts &
  Omit<SettlementDeskParts, 'limits'> &
  Omit<SweeperParts, 'accounts'> & { readonly rounds: RoundSignal };

/** How long balances are believed, for display. */
const BALANCES_MS = 15_000;

const CLOSED_STATES: readonly RequestState[] = ['fulfilled', 'refunded', 'gone', 'lapsed'];

/** A chain at work. */
export class ChainService {
  readonly chainId: bigint;
  readonly coprocessor: string;
  readonly payee: string;
  /** To be run by stage workers of this process; see `chainHandlers` for several chains. */
  readonly handlers: ChainHandlers;
  readonly #options: ChainServiceOptions;
  readonly #policy: SettlementPolicy;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #reader: CoprocessorReader;
  readonly #book: RequestBook;
  readonly #models: RegisteredModels;
  readonly #sender: TransactionSender;
  readonly #follower: RequestFollower;
  readonly #admission: AdmissionDesk;
  readonly #settlement: SettlementDesk;
  readonly #reconciler: Reconciler;
  readonly #sweeper: Sweeper;
  readonly #rounds = new RoundSignal();
  /** By model digest. */
  readonly #servedIds = new Map<string, readonly string[]>();
  readonly #loops: WatchedLoops;
  #followed: FollowSummary | undefined;
  #pending = 0;
  #balances: { at: number; balance: bigint; withdrawable: bigint } | undefined;

  private constructor(options: ChainServiceOptions, sender: TransactionSender) {
    const { node, deployment, store } = options;
    this.#options = options;
    this.#policy = policyOf(options);
    this.#log = options.logger ?? SILENT_LOGGER;
    this.#now = options.now ?? Date.now;
    this.#sender = sender;
    this.chainId = node.chainId;
    this.#loops = new WatchedLoops(`chain ${this.chainId}`, this.#log);
    this.payee = options.payee ?? sender.address;
    this.#reader = new CoprocessorReader(node, deployment);
    this.coprocessor = this.#reader.coprocessor;
    this.#book = new RequestBook(store, this.chainId, this.coprocessor);
    this.#models = new RegisteredModels(
      this.#reader,
      options.models,
      options.modelPolicy,
      this.#now,
    );
    const shared = this.#shared();
    this.#settlement = new SettlementDesk({ ...shared, limits: this.#policy });
    this.#admission = new AdmissionDesk(shared);
    const startBlock = deployment.contracts.InferenceCoprocessor.blockNumber;
    this.#reconciler = new Reconciler({ ...shared, startBlock });
    const accounts = [this.payee, sender.address];
    this.#sweeper = new Sweeper({ ...shared, accounts });
    this.#follower = new RequestFollower({ ...shared, startBlock });
    this.handlers = this.#handlersOver(shared);
  }

  /** Begins to serve. What fails then is tried again, see `status`. */
  static async open(options: ChainServiceOptions): Promise<ChainService> {
    const policy = policyOf(options);
    const sender = await TransactionSender.open({
      ...options,
      policy: { ...policy.sending, confirmations: policy.confirmations },
    });
    const service = new ChainService(options, sender);
    service.#start();
    return service;
  }

  /** What a request of a model would cost; undefined while the model is not served here. */
  async quote(modelDigest: string): Promise<ChainQuote | undefined> {
    const model = this.#options.models.get(modelDigest);
    const modelId = (await this.#models.servedIds(modelDigest))[0];
    if (model === undefined || modelId === undefined) return undefined;
    const modelPrice = await this.#reader.price(modelId);
    if (modelPrice === undefined) return undefined;
    const { workerFee, earliestDeadline } = await this.#admission.leastOffer(model);
    return {
      chainId: String(this.chainId),
      modelId,
      workerFee: String(workerFee),
      modelPrice: String(modelPrice),
      earliestDeadline,
    };
  }

  /** Where a model is registered and served here, as of the last comparison with the chain. */
  registrationsOf(modelDigest: string): ModelDescription['chains'] {
    const { coprocessor } = this;
    const chainId = String(this.chainId);
    const ids = this.#servedIds.get(modelDigest) ?? [];
    return ids.map((modelId) => ({ chainId, coprocessor, modelId }));
  }

  /** Requests in a state, such as those that were skipped, with the reason. */
  requests(state: RequestState, limit?: number): AsyncIterable<RequestRecord> {
    return this.#book.list(state, limit);
  }

  /** A request that was heard of. */
  async request(requestId: string): Promise<RequestRecord | undefined> {
    return (await this.#book.get(requestId))?.record;
  }

  /** How it stands. Does not throw: what fails is told as a problem. */
  async status(): Promise<ChainStatus> {
    await this.#lookAtBalances();
    const counts = await Promise.all(LIVE_STATES.map((state) => this.#book.count(state)));
    return {
      chainId: String(this.chainId),
      coprocessor: this.coprocessor,
      signer: this.#sender.address,
      payee: this.payee,
      head: this.#followed?.head ?? 0,
      confirmedTo: this.#followed?.confirmedTo ?? -1,
      openRequests: counts.reduce((sum, count) => sum + count, 0),
      pendingTransactions: this.#pending,
      balance: String(this.#balances?.balance ?? 0n),
      withdrawable: String(this.#balances?.withdrawable ?? 0n),
      problem: this.#loops.problem,
    };
  }

  /** Ends what is under way; jobs go on when it is opened again. Close stage workers first. */
  async close(): Promise<void> {
    await this.#loops.stop();
    await this.#settlement.close();
    await this.#sender.close();
  }

  /** What the parts have in common. */
  #shared(): SharedParts {
    const { store, pipeline, blobs, node, costs } = this.#options;
    return {
      ...{ store, pipeline, blobs, node, costs },
      chainId: this.chainId,
      coprocessor: this.coprocessor,
      reader: this.#reader,
      book: this.#book,
      models: this.#models,
      sender: this.#sender,
      rounds: this.#rounds,
      prices: { ...DEFAULT_PRICES, ...this.#options.prices },
      policy: this.#policy,
      batchWindowMs: this.#policy.batchWindowMs,
      withdrawAbove: this.#policy.withdrawAbove,
      payee: this.payee,
      logger: this.#log,
      now: this.#now,
    };
  }

  #handlersOver(shared: SharedParts): ChainHandlers {
    const { sender } = shared;
    const desk = this.#settlement;
    const settlement = new SettlementHandlers({ ...shared, desk, sender: sender.address });
    const callbacks = new CallbackHandler({
      ...shared,
      budget: this.#policy.callbackBudget,
      attempts: this.#options.pipeline.stages.callback.retry.attempts,
    });
    return {
      settle: (task, context) => settlement.settle(task, context),
      confirm: (task, context) => settlement.confirm(task, context),
      callback: (task, context) => callbacks.retry(task, context),
    };
  }

  #start(): void {
    const { pollMs, reconcileMs, sweepMs } = this.#policy;
    this.#loops.start('following', pollMs, () => this.#follow());
    this.#loops.start('sending', pollMs, () => this.#advance());
    this.#loops.start('reconciling', reconcileMs, () => this.#reconcile());
    this.#loops.start('sweeping', sweepMs, () => this.#sweep());
  }

  async #follow(): Promise<void> {
    this.#followed = await this.#follower.poll();
    this.#rounds.tell();
    // A node that lags behind must not decide what is worth the work.
    if (!this.#followed.behind) await this.#admission.round();
  }

  async #advance(): Promise<void> {
    const { open } = await this.#sender.advance();
    this.#pending = open;
    this.#rounds.tell();
  }

  async #reconcile(): Promise<void> {
    await this.#reconciler.round();
    for (const modelDigest of this.#options.models.keys()) {
      this.#servedIds.set(modelDigest, await this.#models.servedIds(modelDigest));
    }
  }

  async #sweep(): Promise<void> {
    await this.#sweeper.round();
    await this.#prune();
  }

  /** Forgets what ended long ago. */
  async #prune(): Promise<void> {
    const before = this.#now() - this.#policy.keepMs;
    const settlements = new Records(this.#options.store, SETTLEMENTS);
    for (const state of CLOSED_STATES) {
      const pruned = await this.#book.prune(state, before);
      if (pruned.length === 0) continue;
      const deletions = pruned.map((id) => settlements.delete(chainJobId(this.chainId, id)));
      await this.#options.store.commit(deletions);
    }
    await this.#sender.prune(before);
  }

  async #lookAtBalances(): Promise<void> {
    const at = this.#now();
    if (this.#balances !== undefined && at - this.#balances.at < BALANCES_MS) return;
    try {
      this.#balances = { at, ...(await this.#reader.balances(this.#sender.address)) };
    } catch {
      // The loops tell of an endpoint that fails.
    }
  }
}

function policyOf({ policy }: ChainServiceOptions): SettlementPolicy {
  return { ...DEFAULT_SETTLEMENT_POLICY, ...policy };
}
