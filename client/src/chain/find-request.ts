/** A request as its event tells it, held against its id. */
import { InputError, IntegrityError } from '@zkinfer/core';
import {
  type CoprocessorClient,
  type RequestTerms,
  requestId as requestIdOf,
} from '@zkinfer/verifier-contracts';

/** What a request's event says. */
export interface FoundRequest {
  readonly terms: RequestTerms;
  readonly blockNumber: number;
}

/**
 * Looks a request up. Its id is a hash of chain, requester and terms: a node cannot tell others.
 * @throws InputError CLIENT_REQUEST_NOT_FOUND; IntegrityError CLIENT_REQUEST_DIFFERS; as `onChain`
 */
export async function findRequest(
  coprocessor: CoprocessorClient,
  requestId: string,
  { chainId, fromBlock }: { readonly chainId: bigint; readonly fromBlock: number },
): Promise<FoundRequest> {
  const event = await coprocessor.requested(requestId, fromBlock);
  if (event === undefined) {
    throw new InputError({
      code: 'CLIENT_REQUEST_NOT_FOUND',
      what: 'this coprocessor has no such request',
      got: requestId,
      hint: 'Another chain or deployment, or not mined yet?',
    });
  }
  const { terms, requester } = event.args;
  const origin = { chainId, coprocessor: coprocessor.address, requester };
  if (requestIdOf(origin, terms) !== requestId) {
    throw new IntegrityError({
      code: 'CLIENT_REQUEST_DIFFERS',
      what: 'the node tells other terms than those of this request',
      hint: 'Do not rely on this node.',
    });
  }
  return { terms, blockNumber: event.blockNumber };
}
