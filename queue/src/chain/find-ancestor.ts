/** Whether a chain still has the blocks that it was followed through. */
import { EnvironmentError, IntegrityError } from '@zkinfer/core';
import type { ChainBlock, LogNode } from './chain-node.ts';
import type { Anchor } from './checkpoint.ts';

/**
 * `same`: up to the last anchor. `behind`: the node knows the chain, but not up to the last anchor.
 * `reorganised`: only the anchors up to `ancestor` are in the chain.
 */
export type Ancestry =
  | { readonly kind: 'same' | 'behind' }
  | { readonly kind: 'reorganised'; readonly ancestor: Anchor };

/**
 * Walks back over anchors to the last one that is in the node's chain.
 * @param anchors ascending
 * @throws IntegrityError QUEUE_CHAIN_REPLACED when none is; EnvironmentError
 *   QUEUE_CHAIN_INCONSISTENT; as `LogNode`
 */
export async function findAncestor(
  node: LogNode,
  anchors: readonly Anchor[],
  head: ChainBlock,
): Promise<Ancestry> {
  const last = anchors.at(-1);
  if (last === undefined) return { kind: 'same' };
  const known = anchors.filter(({ number }) => number <= head.number).reverse();
  if (known.length === 0) return { kind: 'behind' };
  for (const anchor of known) {
    const block = await node.block(anchor.number);
    if (block === undefined) throw inconsistent(`no block ${anchor.number} below the head`);
    if (block.hash !== anchor.hash) continue;
    if (anchor !== known[0]) return { kind: 'reorganised', ancestor: anchor };
    return { kind: anchor === last ? 'same' : 'behind' };
  }
  throw new IntegrityError({
    code: 'QUEUE_CHAIN_REPLACED',
    what: 'the chain has none of the blocks that were followed',
    got: `another block ${known.at(-1)!.number}`,
    hint: 'Is it a local chain that was started anew? Begin with an empty store.',
  });
}

/** Answers of a node that cannot all be true: from machines that know different blocks. */
export function inconsistent(got: string): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_CHAIN_INCONSISTENT',
    what: 'the node’s answers do not fit together',
    got,
    hint: 'Passes when its machines agree again. If it stays, use another endpoint.',
  });
}
