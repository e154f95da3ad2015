/** Ids that the contracts derive, computed without a chain: known before anything is sent. */
import { AbiCoder, Interface, id, keccak256, type ParamType } from 'ethers';
import { InferenceCoprocessorInterface } from '../generated/inference-coprocessor.ts';
import { ModelRegistryInterface } from '../generated/model-registry.ts';
import type { ModelIdentity, RequestTerms } from '../generated/types.ts';

/** keccak256("zkinfer.model.v1"). */
export const MODEL_DOMAIN = id('zkinfer.model.v1');

/** keccak256("zkinfer.request.v1"). */
export const REQUEST_DOMAIN = id('zkinfer.request.v1');

/** Where a request is made, and by whom. */
export interface RequestOrigin {
  readonly chainId: bigint;
  readonly coprocessor: string;
  readonly requester: string;
}

const SPEC = structType(new Interface(ModelRegistryInterface.abi), 'register', 0).components!.at(
  -1,
)!;
const TERMS = structType(new Interface(InferenceCoprocessorInterface.abi), 'requestInference', 0);

/**
 * keccak256(abi.encode(MODEL_DOMAIN, owner, keyHash, circuitDigest, modelDigest, inputSpec,
 * outputSpec, transcriptHash)): the owner is in it, so that nobody can squat on another's model.
 */
export function modelId(owner: string, keyHash: string, identity: ModelIdentity): string {
  const { circuitDigest, modelDigest, inputSpec, outputSpec, transcriptHash } = identity;
  return hashOf(
    ['bytes32', 'address', 'bytes32', 'bytes32', 'bytes32', SPEC, SPEC, 'bytes32'],
    [
      ...[MODEL_DOMAIN, owner, keyHash, circuitDigest, modelDigest],
      ...[inputSpec, outputSpec, transcriptHash],
    ],
  );
}

/**
 * keccak256(abi.encode(REQUEST_DOMAIN, chainId, coprocessor, requester, terms)).
 * @param terms with the inputHash filled in: for inline words, the commitment to them under salt 0
 */
export function requestId(origin: RequestOrigin, terms: RequestTerms): string {
  const { chainId, coprocessor, requester } = origin;
  return hashOf(
    ['bytes32', 'uint256', 'address', 'address', TERMS],
    [REQUEST_DOMAIN, chainId, coprocessor, requester, terms],
  );
}

function hashOf(types: readonly (string | ParamType)[], values: readonly unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode([...types], [...values]));
}

function structType(contract: Interface, method: string, input: number): ParamType {
  return contract.getFunction(method)!.inputs[input]!;
}
