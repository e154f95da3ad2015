/**
 * Ids and encodings as the contracts derive them, from the text of their interfaces alone: a twin of
 * the bindings of `verifier-contracts`, which are made from the compiled contracts.
 */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ProofJson, VerificationKeyJson } from '@zkinfer/core';

/** `IModelRegistry.TensorSpec`. */
export interface TensorSpec {
  readonly count: number;
  readonly bits: number;
  readonly words: number;
}

/** `IModelRegistry.ModelIdentity`; digests as 0x text. */
export interface ModelIdentity {
  readonly modelDigest: string;
  readonly circuitDigest: string;
  readonly transcriptHash: string;
  readonly inputSpec: TensorSpec;
  readonly outputSpec: TensorSpec;
}

/** `IInferenceCoprocessor.RequestTerms`; numbers as 0x text or integers. */
export interface RequestTerms {
  readonly modelId: string;
  readonly inputHash: string;
  readonly token: string;
  readonly modelPrice: string;
  readonly workerFee: string;
  readonly deadline: number;
  readonly delivery: number;
  readonly callbackGasLimit: number;
  readonly callbackGasPrice: number;
  readonly refundAddress: string;
  readonly nonce: number;
}

/** 32 bytes as 0x text. */
export function word(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

/** A verification key as `IGroth16Verifier` takes it, 0x text. */
export function encodeKey(key: VerificationKeyJson): string {
  const g2 = [key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2].flatMap(wordsOfG2);
  return `0x${[...wordsOfG1(key.vk_alpha_1), ...g2, ...key.IC.flatMap(wordsOfG1)]
    .map((text) => text.slice(2))
    .join('')}`;
}

/** A proof as `IGroth16Verifier` takes it: eight words. */
export function encodeProof({ pi_a, pi_b, pi_c }: ProofJson): string[] {
  return [...wordsOfG1(pi_a), ...wordsOfG2(pi_b), ...wordsOfG1(pi_c)];
}

/** keccak256 of bytes in 0x text. */
export function keccak(hex: string): string {
  return `0x${bytesToHex(keccak_256(hexToBytes(hex.slice(2))))}`;
}

/** The registry's id of a model. */
export function modelId(owner: string, keyHash: string, identity: ModelIdentity): string {
  const { circuitDigest, modelDigest, inputSpec, outputSpec, transcriptHash } = identity;
  const specs = [inputSpec, outputSpec].flatMap(({ count, bits, words }) => [count, bits, words]);
  const digests = [circuitDigest, modelDigest];
  return hashOf([domain('model'), owner, keyHash, ...digests, ...specs, transcriptHash]);
}

/** The coprocessor's id of a request; the inputHash of its terms filled in. */
export function requestId(
  chainId: number,
  coprocessor: string,
  requester: string,
  terms: RequestTerms,
): string {
  return hashOf([
    ...[domain('request'), chainId, coprocessor, requester],
    ...[terms.modelId, terms.inputHash, terms.token, terms.modelPrice, terms.workerFee],
    ...[terms.deadline, terms.delivery, terms.callbackGasLimit, terms.callbackGasPrice],
    ...[terms.refundAddress, terms.nonce],
  ]);
}

function domain(name: string): string {
  return `0x${bytesToHex(keccak_256(utf8ToBytes(`zkinfer.${name}.v1`)))}`;
}

/** keccak256 of `abi.encode` of values of static types, each a word: tuples of them add nothing. */
function hashOf(values: readonly (string | number)[]): string {
  return keccak(`0x${values.map((value) => word(BigInt(value)).slice(2)).join('')}`);
}

function wordsOfG1([x, y]: readonly string[]): string[] {
  return [word(BigInt(x!)), word(BigInt(y!))];
}

/** snarkjs writes the real part first, contracts take the imaginary part first (EIP-197). */
function wordsOfG2([x, y]: readonly (readonly string[])[]): string[] {
  return [x![1]!, x![0]!, y![1]!, y![0]!].map((decimal) => word(BigInt(decimal)));
}
