/** Whether the code at an address is what the compiler made of a contract. */
import { IntegrityError } from '@zkinfer/core';
import { getBytes, hexlify, keccak256, type Provider } from 'ethers';
import type { ContractArtifact } from '../contract-artifact.ts';
import { onChain } from '../errors/translate-error.ts';

/**
 * keccak256 of the code at an address, if it is the artifact's but for immutables.
 * @throws IntegrityError CONTRACTS_CODE_DIFFERS, CONTRACTS_CODE_MISSING; as `onChain`
 */
export async function checkedCodeHash(
  provider: Provider,
  address: string,
  artifact: ContractArtifact,
): Promise<string> {
  const code = await onChain(() => provider.getCode(address));
  if (code === '0x') throw missing(address, artifact);
  if (withoutImmutables(code, artifact) !== artifact.runtimeCode) {
    throw new IntegrityError({
      code: 'CONTRACTS_CODE_DIFFERS',
      what: `the code at ${address} is not the one of ${artifact.name}`,
      got: keccak256(code),
      expected: 'the code that this version of zkinfer compiles, but for constructor arguments',
      hint: 'Another contract, or one of another version of zkinfer.',
    });
  }
  return keccak256(code);
}

/**
 * Compares the code at an address with a hash that was recorded.
 * @throws IntegrityError CONTRACTS_CODE_DIFFERS, CONTRACTS_CODE_MISSING; as `onChain`
 */
export async function requireCodeHash(
  provider: Provider,
  { address, codeHash }: { readonly address: string; readonly codeHash: string },
  name: string,
): Promise<void> {
  const code = await onChain(() => provider.getCode(address));
  if (code === '0x') throw missing(address, { name });
  if (keccak256(code) === codeHash) return;
  throw new IntegrityError({
    code: 'CONTRACTS_CODE_DIFFERS',
    what: `the code of ${name} at ${address} is not the one that was deployed`,
    got: keccak256(code),
    expected: codeHash,
  });
}

function withoutImmutables(code: string, { immutables }: ContractArtifact): string {
  const bytes = getBytes(code).slice();
  for (const { start, length } of immutables) bytes.fill(0, start, start + length);
  return hexlify(bytes);
}

function missing(address: string, { name }: Pick<ContractArtifact, 'name'>): IntegrityError {
  return new IntegrityError({
    code: 'CONTRACTS_CODE_MISSING',
    what: `there is no ${name} at ${address}`,
    got: 'no code',
    hint: 'Another chain, or a local one that was started anew? Deploy again.',
  });
}
