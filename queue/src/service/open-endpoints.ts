/** The endpoints of a chain, opened: those that answer at once, the others when they do. */
import type { Logger } from '@zkinfer/core';
import type { JsonRpcApiProvider } from '@zkinfer/verifier-contracts';
import { openProvider } from '@zkinfer/verifier-contracts/node';
import { EndpointSelector } from '../chain/endpoint-selector.ts';
import { isNodeFailure } from '../chain/is-node-failure.ts';
import { PollLoop } from '../chain/poll-loop.ts';
import { type ChainPatience, waitForChain } from '../chain/wait-for-chain.ts';
import type { ChainConfig } from './chain-config.ts';
import type { CloseInOrder } from './close-in-order.ts';

/** How endpoints are opened. */
export interface OpenEndpointsOptions {
  readonly patience: ChainPatience;
  readonly logger: Logger;
  /** Remembers what is to be closed. */
  readonly parts: CloseInOrder;
  /** Between tries of endpoints that do not answer, 15 s unless told. */
  readonly retryMs?: number;
}

const RETRY_MS = 15_000;

/**
 * Opens endpoints, of which one at least must answer. Others that do not are asked on and on, and
 * used from when they answer.
 * @throws InputError CONTRACTS_RPC_URL, CONTRACTS_WRONG_CHAIN; EnvironmentError
 *   CONTRACTS_RPC_UNREACHABLE when patience is at an end
 */
export async function openEndpoints(
  { rpc, chainId }: Pick<ChainConfig, 'rpc' | 'chainId'>,
  { patience, logger, parts, retryMs = RETRY_MS }: OpenEndpointsOptions,
): Promise<EndpointSelector> {
  const opener = new EndpointOpener(rpc, chainId === undefined ? undefined : BigInt(chainId));
  parts.add('endpoints', opener, (open) => open.close());
  await waitForChain(() => opener.openSome(), patience);
  const node = new EndpointSelector(opener.opened, opener.chainId!, { logger });
  if (opener.isComplete) return node;
  const round = async () => {
    for (const provider of await opener.openMore()) node.add(provider);
  };
  const failed = 'an endpoint does not answer: left out until it does';
  const loop = new PollLoop(round, { intervalMs: retryMs, logger, failed });
  parts.add('endpoints that are waited for', loop, (open) => open.stop());
  return node;
}

/** Endpoints of one chain: the configured one, or the first one's. */
class EndpointOpener {
  chainId: bigint | undefined;
  readonly opened: JsonRpcApiProvider[] = [];
  readonly #away: Set<string>;

  constructor(urls: readonly string[], chainId: bigint | undefined) {
    this.#away = new Set(urls);
    this.chainId = chainId;
  }

  get isComplete(): boolean {
    return this.#away.size === 0;
  }

  /** Opens what answers. @throws when nothing does, or one is no endpoint of this chain */
  async openSome(): Promise<void> {
    const failures = await this.#open();
    const wrong = failures.find((error) => !isNodeFailure(error));
    if (wrong !== undefined || this.opened.length === 0) throw wrong ?? failures[0];
  }

  /** Opens what did not answer until now, if it does. @throws when nothing new does */
  async openMore(): Promise<readonly JsonRpcApiProvider[]> {
    const known = this.opened.length;
    const failures = await this.#open();
    const more = this.opened.slice(known);
    if (more.length === 0 && failures.length > 0) throw failures[0];
    return more;
  }

  close(): void {
    for (const provider of this.opened) provider.destroy();
  }

  /** What failed. */
  async #open(): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (const url of this.#away) {
      try {
        const { chainId } = this;
        const provider = await openProvider(url, chainId === undefined ? {} : { chainId });
        this.opened.push(provider);
        this.#away.delete(url);
        this.chainId = (await provider.getNetwork()).chainId;
      } catch (error) {
        failures.push(error);
      }
    }
    return failures;
  }
}
