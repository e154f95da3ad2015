import { type BinderTerms, binder, type ProofJson } from '@zkinfer/core';
import { type ContractRunner, type Signer, ZeroAddress } from 'ethers';
import { connectContract } from '../contract-artifact.ts';
import { encodeProof } from '../encoding/encode-proof.ts';
import { onChain } from '../errors/translate-error.ts';
import type { NamedEvent } from '../events/contract-events.ts';
import { IERC20MetadataInterface } from '../generated/ierc20-metadata.ts';
import {
  type InferenceCoprocessorEvents,
  InferenceCoprocessorInterface,
  type InferenceCoprocessorMethods,
} from '../generated/inference-coprocessor.ts';
import type { Fulfilment, Request, RequestTerms } from '../generated/types.ts';
import { ContractClient, type Mined } from './contract-client.ts';
import type { RegistryClient } from './registry-client.ts';
import { planRequest, type RequestPlan, type RequestWish } from './request-plan.ts';
import { transact } from './transact.ts';

/** The events of a coprocessor, by name. */
export type CoprocessorEvents = InferenceCoprocessorEvents;

/** A fulfilment with the proof as `proof.json` has it. */
export interface Delivered extends Omit<Fulfilment, 'proof'> {
  readonly proof: ProofJson;
}

/** Requests, fulfilments, refunds and withdrawals. */
export class CoprocessorClient extends ContractClient<
  InferenceCoprocessorMethods,
  InferenceCoprocessorEvents
> {
  /** @param runner a signer to send transactions, a provider to read */
  constructor(address: string, runner: ContractRunner) {
    super(InferenceCoprocessorInterface, address, runner);
  }

  /**
   * A request with its price, cost and id, before anything is sent.
   * @param requester the signer by default
   * @throws InputError CONTRACTS_MODEL_UNKNOWN, CONTRACTS_TOKEN_NOT_LISTED, CONTRACTS_INPUT_WORDS;
   *   as `onChain`
   */
  async plan(
    wish: RequestWish,
    registry: RegistryClient,
    requester?: string,
  ): Promise<RequestPlan> {
    const { identity } = await registry.model(wish.modelId);
    const modelPrice = await registry.price(wish.modelId, wish.token ?? ZeroAddress);
    return planRequest(
      wish,
      { inputSpec: identity.inputSpec, modelPrice },
      {
        chainId: await this.chainId(),
        coprocessor: this.address,
        requester: requester ?? (await this.#signer().getAddress()),
      },
    );
  }

  /**
   * Sends a planned request; for a token, the coprocessor is allowed to pull the amount first.
   * @throws InputError CONTRACTS_MODEL_PRICE_CHANGED, CONTRACTS_DEADLINE_RANGE,
   *   CONTRACTS_MODEL_NOT_ACTIVE, CONTRACTS_REQUESTS_ARE_FROZEN, …; as `onChain`
   */
  async request({
    terms,
    input,
    value,
    tokenAmount,
  }: RequestPlan): Promise<Mined<CoprocessorEvents>> {
    if (tokenAmount > 0n) await this.#allow(terms.token, tokenAmount);
    return this.send(this.contract.requestInference, [terms, input], { value });
  }

  /**
   * A request as stored.
   * @param blockNumber as of this block; the latest unless told. A node that does not have it fails
   * @throws InputError CONTRACTS_REQUEST_UNKNOWN; as `onChain`
   */
  status(requestId: string, blockNumber?: number): Promise<Request> {
    return this.readAt(blockNumber, this.contract.request, requestId);
  }

  /**
   * The event of a request's creation: terms, inline words, URI.
   * @param fromBlock the coprocessor's block, to search less of the chain
   * @returns undefined if there is none
   * @throws as `onChain`
   */
  async requested(
    requestId: string,
    fromBlock = 0,
  ): Promise<NamedEvent<CoprocessorEvents, 'InferenceRequested'> | undefined> {
    return (await this.events('InferenceRequested', { fromBlock, indexed: { requestId } }))[0];
  }

  /** Last timestamp of fulfilment as of now. @throws InputError CONTRACTS_REQUEST_UNKNOWN */
  effectiveDeadline(requestId: string): Promise<bigint> {
    return this.read(this.contract.effectiveDeadline, requestId);
  }

  /**
   * Hash and, if delivered, words of a fulfilled request.
   * @throws InputError CONTRACTS_REQUEST_UNKNOWN, CONTRACTS_REQUEST_NOT_OPEN; as `onChain`
   */
  output(requestId: string) {
    return this.read(this.contract.output, requestId);
  }

  /** The third public signal of a proof for this request and payee, computed here. */
  async binder(terms: Pick<BinderTerms, 'requestId' | 'modelId' | 'payee'>): Promise<bigint> {
    return binder({ ...terms, chainId: await this.chainId(), coprocessor: this.address });
  }

  /**
   * Delivers a proof: payee, owner and royalty receiver are credited, the requester is called back.
   * @throws InputError CONTRACTS_INVALID_PROOF, CONTRACTS_DEADLINE_PASSED,
   *   CONTRACTS_REQUEST_NOT_OPEN, CONTRACTS_OUTPUT_MISMATCH, …; as `onChain`
   */
  fulfill(item: Delivered): Promise<Mined<CoprocessorEvents>> {
    return this.send(this.contract.fulfill, [{ ...item, proof: encodeProof(item.proof) }]);
  }

  /**
   * Delivers several; what cannot be fulfilled is skipped with a FulfilmentSkipped event.
   * @throws InputError CONTRACTS_BATCH_SIZE; as `onChain`
   */
  fulfillBatch(items: readonly Delivered[]): Promise<Mined<CoprocessorEvents>> {
    const encoded = items.map((item) => ({ ...item, proof: encodeProof(item.proof) }));
    return this.send(this.contract.fulfillBatch, [encoded]);
  }

  /** @throws InputError CONTRACTS_NO_CALLBACK_TO_RETRY; as `onChain` */
  retryCallback(requestId: string): Promise<Mined<CoprocessorEvents>> {
    return this.send(this.contract.retryCallback, [requestId]);
  }

  /** @throws InputError CONTRACTS_NOT_REFUNDABLE, CONTRACTS_REQUEST_NOT_OPEN; as `onChain` */
  refund(requestId: string): Promise<Mined<CoprocessorEvents>> {
    return this.send(this.contract.refund, [requestId]);
  }

  /**
   * Pays out the signer's whole balance in a token.
   * @param to the signer by default
   * @throws InputError CONTRACTS_NOTHING_TO_WITHDRAW, CONTRACTS_TRANSFER_FAILED; as `onChain`
   */
  async withdraw(token: string = ZeroAddress, to?: string): Promise<Mined<CoprocessorEvents>> {
    const receiver = to ?? (await this.#signer().getAddress());
    return this.send(this.contract.withdraw, [token, receiver]);
  }

  /** What an account can withdraw. @throws as `onChain` */
  balanceOf(account: string, token: string = ZeroAddress): Promise<bigint> {
    return this.read(this.contract.balanceOf, account, token);
  }

  /** The id that the chain gives these terms. @throws as `onChain` */
  requestIdOf(requester: string, terms: RequestTerms): Promise<string> {
    return this.read(this.contract.requestIdOf, requester, terms);
  }

  async #allow(token: string, amount: bigint): Promise<void> {
    const contract = connectContract(IERC20MetadataInterface, token, this.runner);
    const owner = await this.#signer().getAddress();
    const allowed = await onChain(() => contract.allowance(owner, this.address));
    if (allowed < amount) await transact(contract.approve, [this.address, amount]);
  }

  #signer(): Signer {
    return this.runner as Signer;
  }
}
