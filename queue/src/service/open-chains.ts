/** The chains of a configuration, opened: endpoints, contracts, signer. */
import { randomBytes } from 'node:crypto';
import { EnvironmentError, type Logger } from '@zkinfer/core';
import {
  type Deployment,
  type JsonRpcApiProvider,
  latestDeployment,
  requireCodeHash,
} from '@zkinfer/verifier-contracts';
import { DeploymentsFile, openProvider } from '@zkinfer/verifier-contracts/node';
import { EndpointSelector } from '../chain/endpoint-selector.ts';
import { openServiceSigner } from '../chain/open-service-signer.ts';
import { ChainService, type ChainServiceOptions } from '../settlement/chain-service.ts';
import { type ChainConfig, pricesOf, settlementPolicyOf, signerSourceOf } from './chain-config.ts';
import type { CloseInOrder } from './close-in-order.ts';

/** What all chains of a service share. */
export type SharedChainParts = Pick<
  ChainServiceOptions,
  'store' | 'pipeline' | 'blobs' | 'models' | 'costs'
> & { readonly allowModels: readonly string[] | undefined; readonly logger: Logger };

/**
 * Opens one chain and begins to serve it.
 * @param key of the chain in the configuration, for errors
 * @param parts remembers what is to be closed
 * @throws InputError CONTRACTS_RPC_URL, CONTRACTS_WRONG_CHAIN, CONTRACTS_NOT_DEPLOYED, and as
 *   `openServiceSigner`; IntegrityError CONTRACTS_CODE_*; EnvironmentError
 *   CONTRACTS_RPC_UNREACHABLE when no endpoint answers
 */
export async function openChain(
  chain: ChainConfig,
  key: string,
  shared: SharedChainParts,
  parts: CloseInOrder,
): Promise<ChainService> {
  const { allowModels, logger, ...rest } = shared;
  const providers = await openProviders(chain, logger, parts);
  const { chainId } = await providers[0]!.getNetwork();
  const deployment = await openDeployment(chain, chainId, providers[0]!);
  const source = signerSourceOf(chain, 'the configuration', key);
  const service = await ChainService.open({
    ...rest,
    logger,
    node: new EndpointSelector(providers, chainId, { logger }),
    deployment,
    signer: await openServiceSigner(source, providers[0]!),
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

/** Those that answer; at least one. All of one chain. */
async function openProviders(
  { rpc, chainId }: ChainConfig,
  logger: Logger,
  parts: CloseInOrder,
): Promise<JsonRpcApiProvider[]> {
  const providers: JsonRpcApiProvider[] = [];
  let wanted = chainId === undefined ? undefined : BigInt(chainId);
  let failure: unknown;
  for (const [endpoint, url] of rpc.entries()) {
    try {
      const provider = await openProvider(url, wanted === undefined ? {} : { chainId: wanted });
      parts.add(`endpoint ${endpoint}`, provider, (open) => open.destroy());
      wanted = (await provider.getNetwork()).chainId;
      providers.push(provider);
    } catch (error) {
      const isAway = error instanceof EnvironmentError;
      if (!isAway) throw error;
      logger.warn({ code: error.code, endpoint }, 'an endpoint does not answer: left out');
      failure = error;
    }
  }
  if (providers.length === 0) throw failure;
  return providers;
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
