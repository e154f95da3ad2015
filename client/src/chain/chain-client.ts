/** Requests on chain: planned, priced and capped before anything is sent. */
import { type Envelope, InputError, OPEN_SALT, wordCount } from '@zkinfer/core';
import { outputLayouts } from '@zkinfer/core/service';
import {
  type CallbackWish,
  CoprocessorClient,
  Delivery,
  type Deployment,
  NATIVE_TOKEN,
  onChain,
  RegistryClient,
  type RequestPlan,
  type Signer,
} from '@zkinfer/verifier-contracts';
import type { ContractRunner, Provider } from 'ethers';
import { type PrepareOptions, prepareInput, type Reals } from '../input/prepare-input.ts';
import type { CallOptions } from '../job/within-time.ts';
import type { Model } from '../model/open-model.ts';
import type { ServiceClient } from '../service/service-client.ts';
import { ChainJob, type ChainRequestRecord } from './chain-job.ts';
import { findRequest } from './find-request.ts';
import { placeInput } from './place-input.ts';
import { quotedFee } from './quoted-fee.ts';
import { type ModelPlace, registeredModel } from './registered-model.ts';

/** The contracts of a deployment that requests need. */
export interface ContractAddresses {
  readonly coprocessor: string;
  readonly registry: string;
  /** The block in which the first of them was deployed; 0 by default. */
  readonly fromBlock?: number;
}

/** A chain, who acts on it, and how it is followed. */
export interface ChainClientOptions {
  /** A signer of ethers to ask, a provider to follow. */
  readonly runner: ContractRunner;
  /** Of a deployments file, or the addresses alone. */
  readonly deployment: Deployment | ContractAddresses;
  /** Takes hidden or large inputs, tells of progress, and gives outputs that are only committed to. */
  readonly service?: ServiceClient;
  /** Blocks that a fulfilment must have, its own included; 1 by default. */
  readonly confirmations?: number;
  /** Between two looks at the chain; 2,000 by default. */
  readonly pollMs?: number;
}

/** What to ask for on chain. */
export interface ChainRequest extends PrepareOptions, CallOptions {
  readonly model: Model;
  /** Which registration of the model; by default the one of its description, or the only one. */
  readonly modelId?: string;
  /** Reals as the float model takes them, or words and salt that were prepared before. */
  readonly input: Reals | Envelope;
  /** What the worker earns, in the token's smallest unit; `quote` asks the service. */
  readonly workerFee: bigint | 'quote';
  /** The most that may be paid for price, fee and (in the chain's currency) callback gas. */
  readonly maxCost: bigint;
  /** From the latest block on. */
  readonly deadlineInSeconds: number;
  /** `values` puts the output on chain, by default where it fits there. */
  readonly delivery?: 'values' | 'commitment';
  /** To the signer, which must be a contract. */
  readonly callback?: CallbackWish;
  /** The chain's own currency by default. */
  readonly token?: string;
  /** The signer by default. */
  readonly refundAddress?: string;
}

/** What a client knows of a request that another program, or a contract, has made. */
export interface KnownRequest {
  readonly model: Model;
  /** 0 by default: the input is inline, or hidden from nobody. */
  readonly inputSalt?: bigint;
}

/** Words that contracts check on chain: DESIGN §8. */
const MOST_VALUES = 3;

/**
 * A chain. Methods throw InputError CONTRACTS_* named after the error of a contract that refuses;
 * EnvironmentError CONTRACTS_RPC_*; and as `ServiceClient` where the service is asked.
 */
export class ChainClient {
  readonly coprocessor: CoprocessorClient;
  readonly registry: RegistryClient;
  readonly #options: ChainClientOptions;
  readonly #fromBlock: number;

  constructor(options: ChainClientOptions) {
    const { coprocessor, registry, fromBlock = 0 } = addressesOf(options.deployment);
    this.coprocessor = new CoprocessorClient(coprocessor, options.runner);
    this.registry = new RegistryClient(registry, options.runner);
    this.#options = options;
    this.#fromBlock = fromBlock;
  }

  /**
   * Prepares the input here, checks the model's registration and the cost, then sends the request
   * and waits until it is mined. An input whose salt is 0 goes inline where it is small; others
   * are handed to the service, whose URI the request names.
   * @param request its signal ends this until the transaction is sent
   * @throws also as `prepareInput` and `registeredModel`; InputError CLIENT_NO_SIGNER,
   *   CLIENT_MAX_COST, CLIENT_NEEDS_SERVICE, CLIENT_QUOTE_CHAIN, CLIENT_DEADLINE_TOO_SOON
   */
  async requestInference(request: ChainRequest): Promise<ChainJob> {
    const { model, signal } = request;
    const requester = await signerOf(this.#options.runner).getAddress();
    const prepared = prepareInput(model, request.input, request);
    const place = await this.#place();
    const modelId = await registeredModel(model, place, request.modelId);
    const deadline = (await this.#now()) + BigInt(request.deadlineInSeconds);
    const wish = {
      modelId,
      workerFee: await this.#workerFee(request, { chainId: place.chainId, deadline }),
      deadline,
      delivery: deliveryOf(model, request.delivery),
      ...given(request, ['token', 'callback', 'refundAddress']),
    };
    const { inputHash, envelope } = prepared;
    // Its cost does not depend on where the input lies: nothing is handed over that is not asked.
    const draft = { ...wish, input: { inputHash, uri: '' } };
    requireAffordable(await this.coprocessor.plan(draft, this.registry), request.maxCost);
    const { service } = this.#options;
    const input = await placeInput(prepared, service, signal === undefined ? {} : { signal });
    const plan = await this.coprocessor.plan({ ...wish, input }, this.registry, requester);
    requireAffordable(plan, request.maxCost);
    signal?.throwIfAborted();
    const { receipt } = await this.coprocessor.request(plan);
    return this.#job({
      model,
      requestId: plan.requestId,
      terms: plan.terms,
      inputSalt: envelope.inputSalt,
      chainId: place.chainId,
      blockNumber: receipt.blockNumber,
    });
  }

  /**
   * A request that was made before: by this client, another one, or a contract.
   * @throws InputError CLIENT_REQUEST_NOT_FOUND; IntegrityError CLIENT_REQUEST_DIFFERS if the node
   *   tells terms that are not those of the id; as `registeredModel`
   */
  async job(requestId: string, { model, inputSalt = OPEN_SALT }: KnownRequest): Promise<ChainJob> {
    const place = await this.#place();
    const { coprocessor } = this;
    const found = await findRequest(coprocessor, requestId, place);
    await registeredModel(model, place, found.terms.modelId);
    return this.#job({ model, requestId, inputSalt, chainId: place.chainId, ...found });
  }

  /**
   * Pays out what refunds and unused callback gas have come to.
   * @throws InputError CLIENT_NO_SIGNER, CONTRACTS_NOTHING_TO_WITHDRAW
   */
  async withdraw(token: string = NATIVE_TOKEN): Promise<void> {
    signerOf(this.#options.runner);
    await this.coprocessor.withdraw(token);
  }

  #job(request: ChainRequestRecord): ChainJob {
    const { confirmations = 1, pollMs = 2_000, service } = this.#options;
    const follow = { confirmations, pollMs, provider: this.#provider() };
    const access = { coprocessor: this.coprocessor, ...follow };
    return new ChainJob(service === undefined ? access : { ...access, service }, request);
  }

  async #place(): Promise<ModelPlace> {
    return {
      chainId: await this.coprocessor.chainId(),
      coprocessor: this.coprocessor.address,
      registry: this.registry,
      fromBlock: this.#fromBlock,
    };
  }

  async #workerFee(
    { workerFee, model, signal }: ChainRequest,
    at: { chainId: bigint; deadline: bigint },
  ): Promise<bigint> {
    if (workerFee !== 'quote') return workerFee;
    return quotedFee(this.#options.service, model, at, signal === undefined ? {} : { signal });
  }

  /** Unix seconds of the latest block. */
  async #now(): Promise<bigint> {
    const block = await onChain(() => this.#provider().getBlock('latest'));
    return BigInt(block!.timestamp);
  }

  #provider(): Provider {
    const { provider } = this.#options.runner;
    if (provider !== null && provider !== undefined) return provider;
    throw new InputError({
      code: 'CLIENT_NO_PROVIDER',
      what: 'the client’s signer is connected to no chain',
      expected: 'a provider, or a signer that has one',
    });
  }
}

function addressesOf(deployment: Deployment | ContractAddresses): ContractAddresses {
  if (!('contracts' in deployment)) return deployment;
  const { InferenceCoprocessor, ModelRegistry } = deployment.contracts;
  return {
    coprocessor: InferenceCoprocessor.address,
    registry: ModelRegistry.address,
    fromBlock: ModelRegistry.blockNumber,
  };
}

function signerOf(runner: ContractRunner): Signer {
  if ('getAddress' in runner && runner.sendTransaction !== undefined) return runner as Signer;
  throw new InputError({
    code: 'CLIENT_NO_SIGNER',
    what: 'the client can read the chain, and has no account to act with',
    expected: 'a signer as its runner',
  });
}

function deliveryOf(model: Model, delivery: ChainRequest['delivery']): Delivery {
  const isSmall = wordCount(outputLayouts(model)) <= MOST_VALUES;
  return (delivery ?? (isSmall ? 'values' : 'commitment')) === 'values'
    ? Delivery.Values
    : Delivery.Commitment;
}

function requireAffordable({ terms, value, tokenAmount }: RequestPlan, maxCost: bigint): void {
  const cost = terms.token === NATIVE_TOKEN ? value : tokenAmount;
  if (cost <= maxCost) return;
  throw new InputError({
    code: 'CLIENT_MAX_COST',
    what: 'the request costs more than may be paid',
    got: `${cost} in the token’s smallest unit: price ${terms.modelPrice}, fee ${terms.workerFee}`,
    expected: `at most ${maxCost}`,
    hint: 'Nothing was sent. Raise maxCost, offer a lower fee, or ask another model.',
  });
}

/** The keys that are there, so that optional ones stay absent. */
function given<T extends object, K extends keyof T>(
  value: T,
  keys: readonly K[],
): { [P in K]?: Exclude<T[P], undefined> } {
  const entries = keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]);
  return Object.fromEntries(entries);
}
