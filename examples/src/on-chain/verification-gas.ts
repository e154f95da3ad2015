/** What checking a proof costs by itself. */
import type { ProofJson } from '@zkinfer/core';
import { encodeProof } from '@zkinfer/verifier-contracts';
import { ACCOUNT, type LocalMarket } from './local-market.ts';

/** A proof and its public signals. */
export interface SignedProof {
  readonly proof: ProofJson;
  readonly signals: readonly bigint[];
}

/** Of every transaction, and of its bytes (EIP-2028). */
const TRANSACTION_GAS = 21_000n;
const ZERO_BYTE_GAS = 4n;
const BYTE_GAS = 16n;

/**
 * Gas that `Groth16Verifier.verify` uses, without the transaction around it.
 * @throws as `onChain`
 */
export async function verificationGas(
  market: LocalMarket,
  { proof, signals }: SignedProof,
): Promise<bigint> {
  const { keyHash } = await market.registry.model(market.modelId);
  const { contract } = market.verifier(ACCOUNT.worker);
  const call = await contract.verify.populateTransaction(keyHash, encodeProof(proof), [...signals]);
  const sent = await market.signer(ACCOUNT.worker).sendTransaction(call);
  const { gasUsed } = (await sent.wait())!;
  return gasUsed - TRANSACTION_GAS - calldataGas(call.data);
}

function calldataGas(data: string): bigint {
  const bytes = Buffer.from(data.slice(2), 'hex');
  return bytes.reduce((gas, byte) => gas + (byte === 0 ? ZERO_BYTE_GAS : BYTE_GAS), 0n);
}
