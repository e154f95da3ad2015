/** Deploying one contract, in two steps so that an interruption between them can be mended. */
import { InputError } from '@zkinfer/core';
import { getCreateAddress, Interface, type Provider, type Signer } from 'ethers';
import type { ContractArtifact } from '../contract-artifact.ts';
import { onChain, translateError } from '../errors/translate-error.ts';
import { checkedCodeHash } from './code-check.ts';
import type { DeployedContract, SentContract } from './deployment-record.ts';

/** The constructor's arguments, ABI-encoded, 0x text. */
export function encodeArguments<Arguments extends readonly unknown[]>(
  artifact: ContractArtifact<unknown, unknown, Arguments>,
  args: NoInfer<Arguments>,
): string {
  return new Interface(artifact.abi).encodeDeploy([...args]);
}

/**
 * Deploys a contract and checks its code.
 * @throws as `onChain`; IntegrityError CONTRACTS_CODE_DIFFERS
 */
export async function deployContract<Arguments extends readonly unknown[]>(
  artifact: ContractArtifact<unknown, unknown, Arguments>,
  signer: Signer,
  args: NoInfer<Arguments>,
): Promise<DeployedContract> {
  const sent = await sendContract(artifact, signer, encodeArguments(artifact, args));
  return confirmContract(artifact, sent, signer.provider!);
}

/** Sends a contract's transaction. @param constructorArguments ABI-encoded @throws as `onChain` */
export async function sendContract(
  artifact: ContractArtifact,
  signer: Signer,
  constructorArguments: string,
): Promise<SentContract> {
  const data = artifact.bytecode + constructorArguments.slice(2);
  const sent = await onChain(() => signer.sendTransaction({ data }));
  const address = getCreateAddress({ from: sent.from, nonce: sent.nonce });
  return { address, transactionHash: sent.hash, constructorArguments };
}

/**
 * Waits for a sent contract and checks its code.
 * @throws InputError CONTRACTS_DEPLOYMENT_LOST; IntegrityError
 *   CONTRACTS_CODE_DIFFERS; as `onChain`
 */
export async function confirmContract(
  artifact: ContractArtifact,
  sent: SentContract,
  provider: Provider,
): Promise<DeployedContract> {
  const transaction = await onChain(() => provider.getTransaction(sent.transactionHash));
  if (transaction === null) throw lost(artifact, sent);
  const receipt = await transaction.wait().catch((error: unknown) => {
    throw translateError(error);
  });
  const codeHash = await checkedCodeHash(provider, sent.address, artifact);
  return { ...sent, blockNumber: receipt!.blockNumber, codeHash };
}

function lost({ name }: ContractArtifact, { transactionHash }: SentContract): InputError {
  return new InputError({
    code: 'CONTRACTS_DEPLOYMENT_LOST',
    what: `the node knows nothing of the transaction that deployed ${name}`,
    got: transactionHash,
    hint: 'It was dropped. Deploy again.',
  });
}
