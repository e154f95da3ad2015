/** A request on chain: the chain decides how it stands, a service tells how far it is. */
import {
  binder,
  EnvironmentError,
  InputError,
  type ProofJson,
  parseFieldElement,
  ZkinferError,
} from '@zkinfer/core';
import type { JobView } from '@zkinfer/core/service';
import {
  type CoprocessorClient,
  type CoprocessorEvents,
  Delivery,
  decodeFulfilments,
  type NamedEvent,
  onChain,
  RequestStatus,
  type RequestTerms,
} from '@zkinfer/verifier-contracts';
import type { Provider } from 'ethers';
import { openOutput } from '../answer/open-output.ts';
import { verify } from '../answer/verify.ts';
import { awaitEnd } from '../job/await-end.ts';
import type { InferenceJob, JobUpdate, ProvedAnswer } from '../job/inference-job.ts';
import { sleep } from '../job/sleep.ts';
import { unlessAborted } from '../job/unless-aborted.ts';
import { type CallOptions, type WaitOptions, withinTime } from '../job/within-time.ts';
import type { Model } from '../model/open-model.ts';
import type { ServiceClient } from '../service/service-client.ts';

/** How a job reaches its chain, and perhaps a service. */
export interface ChainAccess {
  readonly coprocessor: CoprocessorClient;
  readonly provider: Provider;
  readonly service?: ServiceClient;
  readonly confirmations: number;
  readonly pollMs: number;
}

/** A request that was mined. Holds the salt: keep it as you keep the input. */
export interface ChainRequestRecord {
  readonly model: Model;
  readonly requestId: string;
  readonly terms: RequestTerms;
  readonly inputSalt: bigint;
  readonly chainId: bigint;
  readonly blockNumber: number;
}

/** A checked answer, and the transaction that brought it. */
export interface ChainAnswer extends ProvedAnswer {
  /** Who was paid: the proof names it. */
  readonly payee: string;
  readonly transactionHash: string;
  readonly blockNumber: number;
}

type Fulfilled = NamedEvent<CoprocessorEvents, 'InferenceFulfilled'>;

/** As long as a node is borne with. */
const PATIENCE_MS = 60_000;

/** A service that takes longer to tell must not hold up what the chain tells. */
const LEAST_VIEW_MS = 1_000;

const SLOW_SERVICE = {
  what: 'the service is slow to tell',
  hint: 'The chain is asked all the same.',
};

/** A request on chain. */
export class ChainJob implements InferenceJob<ChainAnswer> {
  /** The requestId. */
  readonly id: string;
  readonly request: ChainRequestRecord;
  readonly #access: ChainAccess;

  /** @internal See `ChainClient.requestInference` and `ChainClient.job`. */
  constructor(access: ChainAccess, request: ChainRequestRecord) {
    this.#access = access;
    this.request = request;
    this.id = request.requestId;
  }

  /** What price and fee come to, in the terms' token. */
  get cost(): bigint {
    const { modelPrice, workerFee } = this.request.terms;
    return modelPrice + workerFee;
  }

  /**
   * `done` once the fulfilment has its confirmations; `expired` from the moment on at which a
   * refund is there to be had. A service that gives up does not end the request: another worker
   * may fulfil it.
   */
  async *updates({ signal }: CallOptions = {}): AsyncGenerator<JobUpdate> {
    let lastContact = Date.now();
    let last = '';
    for (;;) {
      try {
        const update = await unlessAborted(this.#look(signal), signal);
        lastContact = Date.now();
        const text = JSON.stringify(update);
        if (text !== last) yield update;
        last = text;
        if (update.status !== 'active') return;
      } catch (error) {
        if (!mayPass(error) || Date.now() - lastContact > PATIENCE_MS) throw error;
      }
      await sleep(this.#access.pollMs, signal);
    }
  }

  waitForResult(options?: WaitOptions): Promise<ChainAnswer> {
    return awaitEnd(this, options);
  }

  /**
   * The proof is read from the transaction that fulfilled the request and checked here once more,
   * so that no node has to be believed; where another contract had sent it, from the service.
   * @throws InputError CLIENT_NOT_FULFILLED, CLIENT_NEEDS_SERVICE; IntegrityError CLIENT_PROOF_*,
   *   CLIENT_OUTPUT_DIFFERS; as `ServiceClient`
   */
  async result({ signal }: CallOptions = {}): Promise<ChainAnswer> {
    const event = await unlessAborted(this.#fulfilled(), signal);
    if (event === undefined) throw notFulfilled(this.id);
    const { proof, outputWords } = await this.#delivery(event, signal);
    const { model, inputSalt, terms } = this.request;
    const { outputHash, payee } = event.args;
    const bound = this.#binder(payee);
    const publicSignals = [outputHash, terms.inputHash, bound].map(String);
    const asked = { inputHash: terms.inputHash, binder: bound };
    const signals = verify(model, { proof, publicSignals }, asked);
    const outputs = openOutput(model, { outputHash, inputSalt, outputWords });
    const { transactionHash, blockNumber } = event;
    return { outputs, outputWords, signals, proof, payee, transactionHash, blockNumber };
  }

  /**
   * Gives the refund address what was escrowed, after the deadline; it withdraws it there.
   * @throws InputError CONTRACTS_NOT_REFUNDABLE, CONTRACTS_REQUEST_NOT_OPEN; as `onChain`
   */
  async refund(): Promise<void> {
    await this.#access.coprocessor.refund(this.id);
  }

  async #look(signal: AbortSignal | undefined): Promise<JobUpdate> {
    const { coprocessor } = this.#access;
    const { status } = await coprocessor.status(this.id);
    if (status === RequestStatus.Refunded) return ended('refunded');
    if (status === RequestStatus.Fulfilled) return this.#confirmation();
    if ((await this.#now()) > (await coprocessor.effectiveDeadline(this.id))) {
      return ended('expired');
    }
    const view = await this.#view(signal);
    if (view === null) return { ...ended('active'), view };
    const { stage, progress, outcomeCode } = view;
    return { status: 'active', stage, progress, outcomeCode, view };
  }

  async #confirmation(): Promise<JobUpdate> {
    const { provider, confirmations } = this.#access;
    const event = await this.#fulfilled();
    const head = await onChain(() => provider.getBlockNumber());
    const isDeep = event !== undefined && head - event.blockNumber + 1 >= confirmations;
    return isDeep ? ended('done') : { ...ended('active'), stage: 'confirm' };
  }

  /** What the service knows; null without one, or while it does not know the request or is away. */
  async #view(signal: AbortSignal | undefined): Promise<JobView | null> {
    const { service } = this.#access;
    if (service === undefined) return null;
    const { chainId } = this.request;
    const timeoutMs = Math.max(this.#access.pollMs, LEAST_VIEW_MS);
    const limits = signal === undefined ? { timeoutMs } : { timeoutMs, signal };
    try {
      return await withinTime(limits, SLOW_SERVICE, (both) =>
        service.requestView(chainId, this.id, { signal: both }),
      );
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ZkinferError) return null;
      throw error;
    }
  }

  async #fulfilled(): Promise<Fulfilled | undefined> {
    const { coprocessor } = this.#access;
    const query = { fromBlock: this.request.blockNumber, indexed: { requestId: this.id } };
    return (await coprocessor.events('InferenceFulfilled', query))[0];
  }

  async #delivery(event: Fulfilled, signal: AbortSignal | undefined): Promise<DeliveredParts> {
    const { provider } = this.#access;
    const { args, transactionHash } = event;
    const sent = await unlessAborted(
      onChain(() => provider.getTransaction(transactionHash)),
      signal,
    );
    const delivered = decodeFulfilments(sent?.data ?? '0x').find(
      ({ requestId, payee, outputHash }) =>
        requestId === this.id && payee === args.payee && outputHash === args.outputHash,
    );
    const hasValues = this.request.terms.delivery === Delivery.Values;
    if (delivered !== undefined && hasValues) {
      return { proof: delivered.proof, outputWords: args.outputWords };
    }
    const told = await this.#told(signal);
    return {
      proof: delivered?.proof ?? told.proof,
      outputWords: hasValues ? args.outputWords : told.outputWords,
    };
  }

  /** What the service gives beyond the chain; it is checked like everything else. */
  async #told(signal: AbortSignal | undefined): Promise<DeliveredParts> {
    const { service } = this.#access;
    if (service === undefined) throw needsService();
    const options = signal === undefined ? {} : { signal };
    const { id } = await service.requestView(this.request.chainId, this.id, options);
    const { proof, outputWords } = await service.result(id, options);
    return {
      proof,
      outputWords: outputWords.map((word, i) => parseFieldElement(word, `output word ${i}`)),
    };
  }

  #binder(payee: string): bigint {
    const { chainId, terms } = this.request;
    const { address } = this.#access.coprocessor;
    const { modelId } = terms;
    return binder({ chainId, coprocessor: address, requestId: this.id, modelId, payee });
  }

  async #now(): Promise<bigint> {
    const block = await onChain(() => this.#access.provider.getBlock('latest'));
    return BigInt(block!.timestamp);
  }
}

interface DeliveredParts {
  readonly proof: ProofJson | Readonly<Record<string, unknown>>;
  readonly outputWords: readonly bigint[];
}

function ended(status: JobUpdate['status']): JobUpdate {
  return { status, stage: null, progress: null, outcomeCode: null, view: null };
}

/** A node that is away; or one that has not seen the block yet, or another one after a reorg. */
function mayPass(error: unknown): boolean {
  if (error instanceof EnvironmentError) return true;
  return error instanceof InputError && error.code === 'CONTRACTS_REQUEST_UNKNOWN';
}

function notFulfilled(requestId: string): InputError {
  return new InputError({
    code: 'CLIENT_NOT_FULFILLED',
    what: 'the request has no answer yet',
    got: requestId,
    hint: 'Wait for it with waitForResult.',
  });
}

function needsService(): InputError {
  return new InputError({
    code: 'CLIENT_NEEDS_SERVICE',
    what: 'the chain does not hold all of the answer',
    got: 'an output that is only committed to, or a fulfilment that another contract has sent',
    expected: 'the service whose worker has fulfilled the request',
    hint: 'Give the client that service.',
  });
}
