/** A model in a chain's registry, held against the description that the client believes. */
import {
  COMMITMENT_KIND,
  commitmentHeader,
  IntegrityError,
  type PackedLayout,
  type VerificationKeyJson,
  wordCount,
} from '@zkinfer/core';
import { inputLayouts, outputLayouts } from '@zkinfer/core/service';
import {
  type RegistryClient,
  type TensorSpec,
  verificationKeyHash,
} from '@zkinfer/verifier-contracts';
import type { Model } from '../model/open-model.ts';

/** Where a model is looked for. */
export interface ModelPlace {
  readonly chainId: bigint;
  readonly coprocessor: string;
  readonly registry: RegistryClient;
  /** First block that may hold its registration. */
  readonly fromBlock: number;
}

/**
 * The id under which a chain knows a model.
 * @param modelId which of several registrations; by default the one that the description names, or
 *   the only one
 * @throws InputError CONTRACTS_MODEL_NOT_REGISTERED, CONTRACTS_MODEL_AMBIGUOUS,
 *   CONTRACTS_MODEL_UNKNOWN; IntegrityError CLIENT_MODEL_ON_CHAIN if it is registered with another
 *   network, circuit, key or shape; as `onChain`
 */
export async function registeredModel(
  model: Model,
  place: ModelPlace,
  modelId?: string,
): Promise<string> {
  const keyHash = verificationKeyHash(model.verificationKey as unknown as VerificationKeyJson);
  const id = modelId ?? describedId(model, place) ?? (await findId(model, keyHash, place));
  const { identity, keyHash: onChain } = await place.registry.model(id);
  requireSame('verification key', onChain, keyHash);
  requireSame('network', identity.modelDigest, `0x${model.modelDigest}`);
  requireSame('circuit', identity.circuitDigest, `0x${model.circuitDigest}`);
  requireSame(
    'input',
    textOf(identity.inputSpec),
    textOf(specOf(COMMITMENT_KIND.input, inputLayouts(model))),
  );
  requireSame(
    'output',
    textOf(identity.outputSpec),
    textOf(specOf(COMMITMENT_KIND.output, outputLayouts(model))),
  );
  return id;
}

function describedId({ chains }: Model, { chainId, coprocessor }: ModelPlace): string | undefined {
  const here = chains.find(
    (chain) =>
      chain.chainId === String(chainId) &&
      chain.coprocessor.toLowerCase() === coprocessor.toLowerCase(),
  );
  return here?.modelId;
}

function findId(model: Model, keyHash: string, place: ModelPlace): Promise<string> {
  return place.registry.find(`0x${model.modelDigest}`, keyHash, place.fromBlock);
}

function specOf(kind: number, layouts: readonly PackedLayout[]): TensorSpec {
  const { count, bits } = commitmentHeader(kind, layouts);
  return { count: BigInt(count), bits: BigInt(bits), words: BigInt(wordCount(layouts)) };
}

function textOf({ count, bits, words }: TensorSpec): string {
  return `${count} elements of ${bits} bits in ${words} words`;
}

function requireSame(what: string, got: string, expected: string): void {
  if (got === expected) return;
  throw new IntegrityError({
    code: 'CLIENT_MODEL_ON_CHAIN',
    what: `the chain’s registration is of another ${what}`,
    got,
    expected,
    hint: 'Its answers would not be this model’s. Name another registration, or update the pin.',
  });
}
