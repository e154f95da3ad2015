/** A request thought through before it is sent: its terms, what it costs, and its id. */
import { COMMITMENT_KIND, commit, InputError, OPEN_SALT, requireFieldElement } from '@zkinfer/core';
import { hexlify, ZeroAddress } from 'ethers';
import { type RequestOrigin, requestId } from '../encoding/ids.ts';
import {
  Delivery as DELIVERY,
  type Delivery,
  type InputSource,
  type RequestTerms,
  type TensorSpec,
} from '../generated/types.ts';

/** The input: words that everybody may read, or a commitment and where its envelope lies. */
export type RequestInput =
  | { readonly words: readonly bigint[] }
  | { readonly inputHash: bigint; readonly uri: string };

/** A callback to the requester, which must be a contract with `onInference`. */
export interface CallbackWish {
  readonly gasLimit: bigint;
  /** Wei repaid to the payee per gas that the callback used. */
  readonly gasPrice: bigint;
}

/** What a requester wishes for. */
export interface RequestWish {
  readonly modelId: string;
  readonly input: RequestInput;
  /** What the worker earns, in the token's smallest unit. */
  readonly workerFee: bigint;
  /** Unix seconds: last moment of fulfilment. */
  readonly deadline: bigint;
  /** The chain's own currency by default. */
  readonly token?: string;
  /** Values by default. */
  readonly delivery?: Delivery;
  readonly callback?: CallbackWish;
  /** The requester by default. */
  readonly refundAddress?: string;
  /** Random by default. */
  readonly nonce?: bigint;
}

/** What `CoprocessorClient.send` takes. */
export interface RequestPlan {
  readonly requestId: string;
  readonly terms: RequestTerms;
  readonly input: InputSource;
  /** Wei that go with the transaction. */
  readonly value: bigint;
  /** Of the terms' token that the coprocessor pulls; 0 for the chain's own currency. */
  readonly tokenAmount: bigint;
}

/** What the chain knows of a model, as far as a request depends on it. */
export interface ModelTerms {
  readonly inputSpec: TensorSpec;
  /** The price in force in the wish's token. */
  readonly modelPrice: bigint;
}

/**
 * Fills in the defaults, commits to inline words, and adds up what it costs.
 * @throws InputError CONTRACTS_INPUT_WORDS for another number of words than the model's,
 *   CORE_FIELD_ELEMENT_RANGE
 */
export function planRequest(
  wish: RequestWish,
  { inputSpec, modelPrice }: ModelTerms,
  origin: RequestOrigin,
): RequestPlan {
  const { modelId, workerFee, deadline, token = ZeroAddress, callback } = wish;
  const callbackGasLimit = callback?.gasLimit ?? 0n;
  const callbackGasPrice = callback?.gasPrice ?? 0n;
  const terms: RequestTerms = {
    modelId,
    inputHash: inputHashOf(wish.input, inputSpec),
    token,
    modelPrice,
    workerFee,
    deadline,
    delivery: wish.delivery ?? DELIVERY.Values,
    callbackGasLimit,
    callbackGasPrice,
    refundAddress: wish.refundAddress ?? origin.requester,
    nonce: wish.nonce ?? randomNonce(),
  };
  const payment = modelPrice + workerFee;
  const callbackMoney = callbackGasLimit * callbackGasPrice;
  const isNative = token === ZeroAddress;
  return {
    requestId: requestId(origin, terms),
    terms,
    input: 'words' in wish.input ? { words: wish.input.words, uri: '' } : sourceOf(wish.input.uri),
    value: isNative ? payment + callbackMoney : callbackMoney,
    tokenAmount: isNative ? 0n : payment,
  };
}

/**
 * The commitment to inline words under the open salt, as the chain computes it.
 * @throws InputError CONTRACTS_INPUT_WORDS, CORE_FIELD_ELEMENT_RANGE
 */
export function inlineInputHash(words: readonly bigint[], spec: TensorSpec): bigint {
  if (BigInt(words.length) !== spec.words) {
    throw new InputError({
      code: 'CONTRACTS_INPUT_WORDS',
      what: 'the input has another number of words than the model’s',
      got: String(words.length),
      expected: String(spec.words),
    });
  }
  const header = {
    kind: COMMITMENT_KIND.input,
    bits: Number(spec.bits),
    count: Number(spec.count),
  };
  return commit(header, words, OPEN_SALT);
}

function inputHashOf(input: RequestInput, spec: TensorSpec): bigint {
  if ('words' in input) return inlineInputHash(input.words, spec);
  return requireFieldElement(input.inputHash, 'the inputHash');
}

function sourceOf(uri: string): InputSource {
  return { words: [], uri };
}

function randomNonce(): bigint {
  return BigInt(hexlify(globalThis.crypto.getRandomValues(new Uint8Array(32))));
}
