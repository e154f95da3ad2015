/** The chains of a configuration, opened: endpoints, contracts, signer. */
import { randomBytes } from 'node:crypto';
import type { Logger } from '@zkinfer/core';
import {
  type Deployment,
  type JsonRpcApiProvider,
  latestDeployment,
  requireCodeHash,
} from '@zkinfer/verifier-contracts';
import { DeploymentsFile } from '@zkinfer/verifier-contracts/node';
import { openServiceSigner } from '../chain/open-service-signer.ts';
import { type ChainPatience, waitForChain } from '../chain/wait-for-chain.ts';
import { ChainService, type ChainServiceOptions } from '../settlement/chain-service.ts';
import { type ChainConfig, pricesOf, settlementPolicyOf, signerSourceOf } from './chain-config.ts';
import type { CloseInOrder } from './close-in-order.ts';
import { openEndpoints } from './open-endpoints.ts';

/** What all chains of a service share. */
export type SharedChainParts = Pick<
  ChainServiceOptions,
  'store' | 'pipeline' | 'blobs' | 'models' | 'costs'
> & {
  readonly allowModels: readonly string[] | undefined;
  readonly logger: Logger;
  /** With nodes that do not answer at the start. */
  readonly patience: ChainPatience;
};

/**
 * Opens one chain and begins to serve it.
 * @param key of the chain in the configuration, for errors
 * @param parts remembers what is to be closed
 * @throws InputError CONTRACTS_RPC_URL, CONTRACTS_WRONG_CHAIN, CONTRACTS_NOT_DEPLOYED, and as
 *   `openServiceSigner`; IntegrityError CONTRACTS_CODE_*; EnvironmentError
 *   CONTRACTS_RPC_* when no endpoint answers before patience ends
 */
export async function openChain(
  chain: ChainConfig,
  key: string,
  shared: SharedChainParts,
  parts: CloseInOrder,
): Promise<ChainService> {
  const { allowModels, logger, patience, ...rest } = shared;
  const node = await openEndpoints(chain, { patience, logger, parts });
  const { chainId } = node;
  const look = () => node.ask((provider) => openDeployment(chain, chainId, provider));
  const deployment = await waitForChain(look, patience);
  const source = signerSourceOf(chain, 'the configuration', key);
  const service = await ChainService.open({
    ...rest,
    logger,
    node,
    deployment,
    signer: await node.ask((provider) => openServiceSigner(source, provider)),
    ...(chain.payee === undefined ? {} : { payee: chain.payee }),
    modelPolicy: {
      ...(allowModels === undefined ? {} : { allowed: new Set(allowModels) }),
      ...(chain.owners === undefined
        ? {}
        : { owners: new Set(chain.owners.map((owner) => owner.toLowerCase())) }),
    },
    prices: pricesOf(chain),
    policy: settlementPolicyOf(chain),
    holder: randomBytes(16).toString('hex'),
  });
  return parts.add(`chain ${chainId}`, service, (open) => open.close());
}

async function openDeployment(
  { deployments }: ChainConfig,
  chainId: bigint,
  provider: JsonRpcApiProvider,
): Promise<Deployment> {
  const deployment = latestDeployment(await new DeploymentsFile(deployments, chainId).read());
  for (const [name, contract] of Object.entries(deployment.contracts)) {
    await requireCodeHash(provider, contract, name);
  }
  return deployment;
}
