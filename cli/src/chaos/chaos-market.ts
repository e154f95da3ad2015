/** A chain that mines once a second, with the iris model registered, and those who make requests. */
import { openCompiledModel } from '@zkinfer/circuits';
import {
  CoprocessorClient,
  deployAll,
  encodeCall,
  InferenceCoprocessor,
  type ModelTerms,
  NATIVE_TOKEN,
  RegistryClient,
} from '@zkinfer/verifier-contracts';
import { DeploymentsFile, LocalChain } from '@zkinfer/verifier-contracts/node';
import { deployTurnstile, reorganiseChain } from '@zkinfer/verifier-contracts/testing';
import { registrationOf } from '../model-registration.ts';
import type { PlannedRequest, RequestGround } from './planned-request.ts';
import { SignedStream } from './signed-stream.ts';

/** Anvil's accounts; the others make requests. */
const OWNER = 0;
/** The service's signer, who is paid. */
export const SERVICE_ACCOUNT = 1;
const REFUNDER = 2;
const REQUESTERS = [3, 4, 5, 6];

const CHAIN_ID = 31337n;
const PRICE = 10n ** 16n;
const BLOCK_SECONDS = 1;
const REQUEST_GAS = 700_000n;
const REFUND_GAS = 300_000n;

/** What is made once the chain runs. */
interface Furnished {
  readonly coprocessor: CoprocessorClient;
  readonly modelId: string;
  readonly model: ModelTerms;
  /** A contract whose callback fails until `unlock`. */
  readonly consumer: Awaited<ReturnType<typeof deployTurnstile>>;
  readonly consumerAddress: string;
}

/** Owns the chain. */
export class ChaosMarket implements Furnished {
  readonly chain: LocalChain;
  readonly coprocessor: CoprocessorClient;
  readonly modelId: string;
  readonly model: ModelTerms;
  readonly consumer: Furnished['consumer'];
  readonly consumerAddress: string;
  readonly #requesters: readonly SignedStream[];
  readonly #refunder: SignedStream;

  private constructor(chain: LocalChain, furnished: Furnished) {
    this.chain = chain;
    this.coprocessor = furnished.coprocessor;
    this.modelId = furnished.modelId;
    this.model = furnished.model;
    this.consumer = furnished.consumer;
    this.consumerAddress = furnished.consumerAddress;
    this.#requesters = REQUESTERS.map((account) => new SignedStream(account, chain.provider));
    this.#refunder = new SignedStream(REFUNDER, chain.provider);
  }

  /**
   * @param compiled directory of the model, with keys
   * @param deployments folder where the deployment is noted
   */
  static async open(compiled: string, deployments: string): Promise<ChaosMarket> {
    const chain = await LocalChain.start();
    try {
      const market = new ChaosMarket(chain, await furnish(chain, compiled, deployments));
      await market.rpc('evm_setAutomine', false);
      await market.rpc('evm_setIntervalMining', BLOCK_SECONDS);
      return market;
    } catch (error) {
      await chain.stop();
      throw error;
    }
  }

  /** What requests are made of. */
  get ground(): Omit<RequestGround, 'random' | 'badUris'> {
    const { modelId, model, coprocessor, consumerAddress } = this;
    return { modelId, model, coprocessor: coprocessor.address, consumer: consumerAddress };
  }

  /** Sends a call to the node itself. */
  rpc(method: string, ...params: unknown[]): Promise<unknown> {
    return this.chain.provider.send(method, params);
  }

  /** Who makes a request. */
  requesterOf(index: number): string {
    return this.#requesters[index % REQUESTERS.length]!.address;
  }

  /** Sends the requester's request. */
  async request(index: number, { kind, plan }: PlannedRequest): Promise<void> {
    const stream = this.#requesters[index % REQUESTERS.length]!;
    const { terms, input, value } = plan;
    const common = { value, gasLimit: REQUEST_GAS };
    if (kind === 'callback') {
      const data = this.consumer.interface.encodeFunctionData('ask', [terms, input]);
      await stream.send({ ...common, to: this.consumerAddress, data });
      return;
    }
    const data = encodeCall(InferenceCoprocessor, 'requestInference', [terms, input]);
    await stream.send({ ...common, to: this.coprocessor.address, data });
  }

  /** Asks for a refund, which the chain may refuse. */
  async refund(requestId: string): Promise<void> {
    const data = encodeCall(InferenceCoprocessor, 'refund', [requestId]);
    await this.#refunder.send({ to: this.coprocessor.address, data, gasLimit: REFUND_GAS });
  }

  /** From now on callbacks succeed. */
  async unlock(): Promise<void> {
    const data = this.consumer.interface.encodeFunctionData('unlock');
    await this.#refunder.send({ to: this.consumerAddress, data, gasLimit: REFUND_GAS });
  }

  /**
   * Replaces the latest blocks by empty ones. The accounts here send again what was in them; what
   * the service sent is lost.
   */
  async reorganise(blocks: number): Promise<void> {
    await reorganiseChain(this.chain.provider, blocks);
    await Promise.all([...this.#requesters, this.#refunder].map((stream) => stream.sendAgain()));
  }
}

async function furnish(
  chain: LocalChain,
  compiled: string,
  deployments: string,
): Promise<Furnished> {
  const owner = chain.signer(OWNER);
  const deployment = await deployAll(owner);
  await new DeploymentsFile(deployments, CHAIN_ID).append(deployment);
  const { ModelRegistry, InferenceCoprocessor: deployed } = deployment.contracts;
  const registry = new RegistryClient(ModelRegistry.address, owner);
  const { identity, verificationKey } = await registrationOf(await openCompiledModel(compiled));
  const prices = [{ token: NATIVE_TOKEN, amount: PRICE }];
  const { modelId } = await registry.register({ identity, verificationKey, prices });
  const consumer = await deployTurnstile(deployed.address, owner);
  return {
    coprocessor: new CoprocessorClient(deployed.address, chain.provider),
    modelId,
    model: { inputSpec: identity.inputSpec, modelPrice: PRICE },
    consumer,
    consumerAddress: await consumer.getAddress(),
  };
}
