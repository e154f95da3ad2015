import { InputError } from '@zkinfer/core';
import { JsonRpcProvider } from 'ethers';
import { onChain } from '../errors/translate-error.ts';

const FETCH_TIMEOUT_MS = 30_000;

/** How an endpoint is opened. */
export interface OpenProviderOptions {
  /** Refuse another chain than this. */
  readonly chainId?: bigint;
}

/**
 * Connects to a node and asks which chain it serves.
 * @param url http or https; it may hold a secret, and is not quoted in errors
 * @throws InputError CONTRACTS_RPC_URL, CONTRACTS_WRONG_CHAIN; EnvironmentError
 *   CONTRACTS_RPC_UNREACHABLE
 */
export async function openProvider(
  url: string,
  { chainId }: OpenProviderOptions = {},
): Promise<JsonRpcProvider> {
  if (!/^https?:\/\/\S+$/.test(url)) {
    throw new InputError({
      code: 'CONTRACTS_RPC_URL',
      what: 'this is no URL of an RPC endpoint',
      expected: 'http://… or https://…',
    });
  }
  const found = await askChainId(url);
  if (chainId !== undefined && found !== chainId) {
    throw new InputError({
      code: 'CONTRACTS_WRONG_CHAIN',
      what: 'the endpoint serves another chain',
      got: found.toString(),
      expected: chainId.toString(),
    });
  }
  const provider = new JsonRpcProvider(url, found, { staticNetwork: true, cacheTimeout: -1 });
  provider.pollingInterval = 500;
  return provider;
}

/** Asked by hand: the provider of ethers would try again for ever. */
async function askChainId(url: string): Promise<bigint> {
  const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}';
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  return onChain(async () => {
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal });
      return BigInt(((await answer.json()) as { result: string }).result);
    } catch (cause) {
      throw Object.assign(new Error('no chain id', { cause }), { code: 'NETWORK_ERROR' });
    }
  });
}
