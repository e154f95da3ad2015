import { InputError } from '@zkinfer/core';
import type { CallOptions } from '../job/within-time.ts';
import type { Model } from '../model/open-model.ts';
import type { ServiceClient } from '../service/service-client.ts';

/**
 * The least worker fee that the service would admit for a request with this deadline.
 * @param deadline Unix seconds
 * @throws InputError CLIENT_NEEDS_SERVICE, CLIENT_QUOTE_CHAIN, CLIENT_DEADLINE_TOO_SOON; as
 *   `ServiceClient.quote`
 */
export async function quotedFee(
  service: ServiceClient | undefined,
  { modelDigest }: Model,
  { chainId, deadline }: { readonly chainId: bigint; readonly deadline: bigint },
  options: CallOptions,
): Promise<bigint> {
  if (service === undefined) {
    throw new InputError({
      code: 'CLIENT_NEEDS_SERVICE',
      what: 'no service is there to quote a fee',
      expected: 'a service, or a worker fee as an amount',
    });
  }
  const { chains } = await service.quote(modelDigest, options);
  const here = chains.find((chain) => chain.chainId === String(chainId));
  if (here === undefined) {
    throw new InputError({
      code: 'CLIENT_QUOTE_CHAIN',
      what: 'the service does not serve this model on this chain',
      got: `chain ${chainId}`,
      expected: chains.map((chain) => `chain ${chain.chainId}`).join(', ') || 'a chain',
    });
  }
  if (deadline < BigInt(here.earliestDeadline)) {
    throw new InputError({
      code: 'CLIENT_DEADLINE_TOO_SOON',
      what: 'the service would not admit a request with this deadline',
      got: `${deadline}`,
      expected: `${here.earliestDeadline} or later, Unix seconds`,
      hint: 'Allow more time (deadlineInSeconds): others are waiting, and proofs take theirs.',
    });
  }
  return BigInt(here.workerFee);
}
