/** What a request would take and cost if it came now. */
import type { Logger } from '@zkinfer/core';
import type { Quote } from '@zkinfer/core/service';
import type { CostModel } from '../admission/cost-model.ts';
import { unknownModel } from '../artifacts/model-files.ts';
import type { ChainQuote, ChainService } from '../settlement/chain-service.ts';

/** Who knows. */
export interface QuoteSources {
  readonly costs: Pick<CostModel, 'expectation'>;
  readonly chains: readonly Pick<ChainService, 'chainId' | 'quote'>[];
  readonly logger: Logger;
}

/** Fees and queues move: so long a quote may be relied on. */
const VALID_MS = 30_000;

/**
 * A quote for a model; a chain that cannot be asked is left out.
 * @throws InputError QUEUE_MODEL_UNKNOWN; the store's and the backend's errors
 */
export async function serviceQuote(
  modelDigest: string,
  { costs, chains, logger }: QuoteSources,
  now = Date.now(),
): Promise<Quote> {
  const expectation = await costs.expectation(modelDigest);
  if (expectation === undefined) throw unknownModel(modelDigest);
  const { waitMs, inferMs, proveMs, waitingJobs } = expectation;
  const asked = chains.map((chain) => quoteOf(chain, modelDigest, logger));
  return {
    modelDigest,
    expectedMs: waitMs + inferMs + proveMs,
    proofMs: proveMs,
    waitingJobs,
    chains: (await Promise.all(asked)).filter((quote) => quote !== undefined),
    validUntil: now + VALID_MS,
  };
}

async function quoteOf(
  chain: QuoteSources['chains'][number],
  modelDigest: string,
  logger: Logger,
): Promise<ChainQuote | undefined> {
  try {
    return await chain.quote(modelDigest);
  } catch (err) {
    logger.warn({ err, chainId: String(chain.chainId) }, 'a chain is left out of a quote');
    return undefined;
  }
}
