import { InputError, type VerificationKeyJson } from '@zkinfer/core';
import { type ContractRunner, ZeroAddress } from 'ethers';
import { encodeVerificationKey } from '../encoding/encode-verification-key.ts';
import type { NamedEvent } from '../events/contract-events.ts';
import {
  type ModelRegistryEvents,
  ModelRegistryInterface,
  type ModelRegistryMethods,
} from '../generated/model-registry.ts';
import type { Model, ModelIdentity, Royalty, TokenPrice } from '../generated/types.ts';
import { ContractClient, type Mined } from './contract-client.ts';

/** A model to register. */
export interface ModelRegistration {
  readonly identity: ModelIdentity;
  readonly verificationKey: VerificationKeyJson;
  /** At least one; the zero address is the chain's own currency. */
  readonly prices: readonly TokenPrice[];
  /** None by default. */
  readonly royalty?: Royalty;
  /** Where people read about the model; empty by default. */
  readonly metadataUri?: string;
}

/** A mined registration. */
export interface RegisteredModel extends Mined<ModelRegistryEvents> {
  readonly modelId: string;
}

const NO_ROYALTY: Royalty = { receiver: ZeroAddress, basisPoints: 0n };

/** The registry of models. */
export class RegistryClient extends ContractClient<ModelRegistryMethods, ModelRegistryEvents> {
  /** @param runner a signer to register and to change, a provider to read */
  constructor(address: string, runner: ContractRunner) {
    super(ModelRegistryInterface, address, runner);
  }

  /**
   * Registers a model under the signer's address.
   * @throws InputError CONTRACTS_MODEL_EXISTS, CONTRACTS_DEVELOPMENT_MODEL, CONTRACTS_KEY_*,
   *   CONTRACTS_TENSOR_SPEC_RANGE, CONTRACTS_ROYALTY_RANGE, CONTRACTS_PRICE_LIST; as `onChain`
   */
  async register(model: ModelRegistration): Promise<RegisteredModel> {
    const { identity, verificationKey, prices, royalty = NO_ROYALTY, metadataUri = '' } = model;
    const mined = await this.send(this.contract.register, [
      ...([
        identity,
        encodeVerificationKey(verificationKey),
        prices,
        royalty,
        metadataUri,
      ] as const),
    ]);
    const registered = mined.events.find(({ name }) => name === 'ModelRegistered');
    const { modelId } = (registered as NamedEvent<ModelRegistryEvents, 'ModelRegistered'>).args;
    return { ...mined, modelId };
  }

  /** A model as it is registered. @throws InputError CONTRACTS_MODEL_UNKNOWN; as `onChain` */
  model(modelId: string): Promise<Model> {
    return this.read(this.contract.model, modelId);
  }

  /** The id that the chain gives such a model of this owner. @throws as `onChain` */
  modelIdOf(owner: string, keyHash: string, identity: ModelIdentity): Promise<string> {
    return this.read(this.contract.modelIdOf, owner, keyHash, identity);
  }

  /** What one use costs now. @throws InputError CONTRACTS_TOKEN_NOT_LISTED; as `onChain` */
  price(modelId: string, token: string = ZeroAddress): Promise<bigint> {
    return this.read(this.contract.price, modelId, token);
  }

  /**
   * Announces a price that comes into force after the registry's notice; `undefined` takes the
   * token off the list. Owner only.
   * @throws InputError CONTRACTS_NOT_AUTHORISED; as `onChain`
   */
  setPrice(modelId: string, token: string, amount: bigint | undefined) {
    const args: [string, string, boolean, bigint] = [
      ...([modelId, token, amount !== undefined, amount ?? 0n] as const),
    ];
    return this.send(this.contract.setPrice, args);
  }

  /** Stops requests and fulfilments at once. Owner or guardian. @throws as `setPrice` */
  freeze(modelId: string) {
    return this.send(this.contract.freeze, [modelId]);
  }

  /** Ends a freeze. Who froze it decides who may. @throws as `setPrice` */
  unfreeze(modelId: string) {
    return this.send(this.contract.unfreeze, [modelId]);
  }

  /** Freezes for ever. Owner or admin. @throws as `setPrice` */
  tombstone(modelId: string) {
    return this.send(this.contract.tombstone, [modelId]);
  }

  /**
   * The registrations of a network, by anyone.
   * @param modelDigest SHA-256 of the canonical network, 0x text
   * @param fromBlock the registry's block, to search less of the chain
   * @throws as `onChain`
   */
  registrations(modelDigest: string, fromBlock = 0) {
    return this.events('ModelRegistered', { fromBlock, indexed: { modelDigest } });
  }

  /**
   * The one registration of this network and key.
   * @throws InputError CONTRACTS_MODEL_NOT_REGISTERED, CONTRACTS_MODEL_AMBIGUOUS when several owners
   *   registered the same; as `onChain`
   */
  async find(modelDigest: string, keyHash: string, fromBlock = 0): Promise<string> {
    const found = (await this.registrations(modelDigest, fromBlock)).filter(
      ({ args }) => args.keyHash === keyHash,
    );
    if (found.length === 1) return found[0]!.args.modelId;
    if (found.length === 0) {
      throw new InputError({
        code: 'CONTRACTS_MODEL_NOT_REGISTERED',
        what: 'this model with this key is not registered on this chain',
        hint: 'Run: npx zkinfer register DIR',
      });
    }
    throw new InputError({
      code: 'CONTRACTS_MODEL_AMBIGUOUS',
      what: 'several owners registered this model with this key',
      got: found.map(({ args }) => `${args.modelId} by ${args.owner}`).join(', '),
      expected: 'the id of one of them',
      hint: 'Name it with --model-id.',
    });
  }
}
