/** From which block on nothing changes any more, as an operator defines it for a chain. */
import type { ChainBlock, FinalityTag, LogNode } from './chain-node.ts';

/**
 * Blocks, an event's own included, from which on it is confirmed, ≥ 1; or what the chain itself
 * calls safe or finalized.
 */
export type Finality = number | FinalityTag;

/**
 * The last block that is final; below 0 while there is none.
 * @param head the latest block, which the tagged one never exceeds
 * @throws as `LogNode`
 */
export async function finalBlockNumber(
  node: Pick<LogNode, 'tagged'>,
  head: ChainBlock,
  finality: Finality,
): Promise<number> {
  if (typeof finality === 'number') return head.number - finality + 1;
  const tagged = await node.tagged(finality);
  return Math.min(tagged?.number ?? -1, head.number);
}
