/** What the service reads of a deployment: requests, models, balances, receipts. */
import { ZkinferError } from '@zkinfer/core';
import {
  CoprocessorClient,
  type CoprocessorEvents,
  type Deployment,
  encodeCallback,
  InferenceCoprocessor,
  type JsonRpcApiProvider,
  type Model,
  type NamedEvent,
  parseEvents,
  RegistryClient,
  type Request,
  RevertError,
} from '@zkinfer/verifier-contracts';
import type { EndpointSelector } from '../chain/endpoint-selector.ts';

/** A mined transaction and what the coprocessor announced in it. */
export interface TransactionEvents {
  readonly from: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
  /** Wei that it cost. */
  readonly fee: bigint;
  readonly events: ReturnType<typeof parseEvents<CoprocessorEvents>>;
}

/** Requests that are asked for at a time: ethers makes one batch of them. */
const AT_A_TIME = 50;

/** Gas of a transaction, and of its data, that a call for a try pays besides the callee's. */
const CALL_GAS = { fixed: 21_000, dataByte: 16 };

interface Clients {
  readonly coprocessor: CoprocessorClient;
  readonly registry: RegistryClient;
}

/** All methods throw as `onChain`. */
export class CoprocessorReader {
  readonly coprocessor: string;
  readonly #node: EndpointSelector;
  readonly #contracts: Deployment['contracts'];
  readonly #clients = new WeakMap<JsonRpcApiProvider, Clients>();

  constructor(node: EndpointSelector, { contracts }: Pick<Deployment, 'contracts'>) {
    this.#node = node;
    this.#contracts = contracts;
    this.coprocessor = contracts.InferenceCoprocessor.address;
  }

  /**
   * A request; undefined where the contract has none of this id.
   * @param blockNumber as of this block: a machine that lags behind then fails instead of telling
   *   what was before
   */
  async request(requestId: string, blockNumber?: number): Promise<Request | undefined> {
    try {
      return await this.#ask(({ coprocessor }) => coprocessor.status(requestId, blockNumber));
    } catch (error) {
      if (isCode(error, 'CONTRACTS_REQUEST_UNKNOWN')) return undefined;
      throw error;
    }
  }

  /** Requests in the order of their ids, some at a time. */
  async requests(requestIds: readonly string[]): Promise<(Request | undefined)[]> {
    const found: (Request | undefined)[] = [];
    for (let from = 0; from < requestIds.length; from += AT_A_TIME) {
      const some = requestIds.slice(from, from + AT_A_TIME);
      found.push(...(await Promise.all(some.map((requestId) => this.request(requestId)))));
    }
    return found;
  }

  /** Milliseconds until fulfilment is too late, by the chain's clock; below 0 afterwards. */
  async timeLeftMs(requestId: string): Promise<number> {
    const [deadline, now] = await Promise.all([
      this.#ask(({ coprocessor }) => coprocessor.effectiveDeadline(requestId)),
      this.chainTime(),
    ]);
    return (Number(deadline) - now) * 1000;
  }

  /** Unix seconds of the latest block. */
  chainTime(): Promise<number> {
    return this.#node.ask(async (provider) => (await provider.getBlock('latest'))!.timestamp);
  }

  /** A model as it is registered; undefined if it is not. */
  async model(modelId: string): Promise<Model | undefined> {
    try {
      return await this.#ask(({ registry }) => registry.model(modelId));
    } catch (error) {
      if (isCode(error, 'CONTRACTS_MODEL_UNKNOWN')) return undefined;
      throw error;
    }
  }

  /** What one use of a model costs in the chain's currency; undefined if it is not sold for that. */
  async price(modelId: string): Promise<bigint | undefined> {
    try {
      return await this.#ask(({ registry }) => registry.price(modelId));
    } catch (error) {
      if (isCode(error, 'CONTRACTS_TOKEN_NOT_LISTED')) return undefined;
      throw error;
    }
  }

  /** The ids under which a network is registered with a key, by whomever. @param modelDigest hex */
  async registrations(modelDigest: string, keyHash: string): Promise<string[]> {
    const { blockNumber } = this.#contracts.ModelRegistry;
    const found = await this.#ask(({ registry }) =>
      registry.registrations(`0x${modelDigest}`, blockNumber),
    );
    return found.filter(({ args }) => args.keyHash === keyHash).map(({ args }) => args.modelId);
  }

  /** The requests that were made in these blocks, both included. */
  requested(
    fromBlock: number,
    toBlock: number,
  ): Promise<NamedEvent<CoprocessorEvents, 'InferenceRequested'>[]> {
    return this.#ask(({ coprocessor }) =>
      coprocessor.events('InferenceRequested', { fromBlock, toBlock }),
    );
  }

  /** How a request was fulfilled in these blocks; undefined if it was not. */
  async fulfilled(
    requestId: string,
    fromBlock: number,
    toBlock: number,
  ): Promise<NamedEvent<CoprocessorEvents, 'InferenceFulfilled'> | undefined> {
    const query = { fromBlock, toBlock, indexed: { requestId } };
    const found = await this.#ask(({ coprocessor }) =>
      coprocessor.events('InferenceFulfilled', query),
    );
    return found[0];
  }

  /** A mined transaction; undefined while it is not. */
  transaction(hash: string): Promise<TransactionEvents | undefined> {
    return this.#node.ask(async (provider) => {
      const receipt = await provider.getTransactionReceipt(hash);
      if (receipt === null) return undefined;
      const { from, blockNumber, gasUsed, fee, logs } = receipt;
      const events = parseEvents(InferenceCoprocessor, logs, this.coprocessor);
      return { from, blockNumber, gasUsed, fee, events };
    });
  }

  /** Whether the callback of a fulfilled request would succeed if it were made now. */
  async callbackWouldSucceed(requestId: string, request: Request): Promise<boolean> {
    const { modelId, requester, callbackGasLimit } = request;
    const { outputHash, outputWords } = await this.#ask(({ coprocessor }) =>
      coprocessor.output(requestId),
    );
    const data = encodeCallback({ requestId, modelId, outputHash, outputWords });
    const bytes = (data.length - 2) / 2;
    const gasLimit = callbackGasLimit + BigInt(CALL_GAS.fixed + CALL_GAS.dataByte * bytes);
    try {
      await this.#node.ask((provider) =>
        provider.call({ from: this.coprocessor, to: requester, data, gasLimit }),
      );
      return true;
    } catch (error) {
      // What a contract says, whichever; not what a node does.
      if (error instanceof RevertError) return false;
      throw error;
    }
  }

  /** Wei of an account, and what it can withdraw. */
  async balances(account: string): Promise<{ balance: bigint; withdrawable: bigint }> {
    const [balance, withdrawable] = await Promise.all([
      this.#node.ask((provider) => provider.getBalance(account)),
      this.#ask(({ coprocessor }) => coprocessor.balanceOf(account)),
    ]);
    return { balance, withdrawable };
  }

  #ask<T>(question: (clients: Clients) => Promise<T>): Promise<T> {
    return this.#node.ask((provider) => question(this.#clientsOf(provider)));
  }

  #clientsOf(provider: JsonRpcApiProvider): Clients {
    const known = this.#clients.get(provider);
    if (known !== undefined) return known;
    const { InferenceCoprocessor: coprocessor, ModelRegistry: registry } = this.#contracts;
    const clients = {
      coprocessor: new CoprocessorClient(coprocessor.address, provider),
      registry: new RegistryClient(registry.address, provider),
    };
    this.#clients.set(provider, clients);
    return clients;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof ZkinferError && error.code === code;
}
