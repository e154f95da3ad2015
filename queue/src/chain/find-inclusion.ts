/** What the chain did with a nonce, found by the hashes of everything that was signed for it. */
import type { ChainBlock, TransactionNode } from './chain-node.ts';
import { type Finality, finalBlockNumber } from './finality.ts';
import type { TransactionInclusion, TransactionRecord } from './transaction-record.ts';

/** Fields of a `TransactionRecord` as the chain has them. */
export type NonceFate = Pick<TransactionRecord, 'state' | 'inclusion' | 'final'>;

/**
 * The fate of a nonce that is used. A transaction of somebody else's is only taken for granted when
 * it is final: before that, a node that lags behind may not know ours.
 * @param confirmations what makes it final
 * @returns undefined when the node's answers settle nothing yet
 * @throws as `TransactionNode`
 */
export async function findInclusion(
  node: TransactionNode,
  account: string,
  record: TransactionRecord,
  head: ChainBlock,
  confirmations: Finality,
): Promise<NonceFate | undefined> {
  const found = await receiptOf(node, record, head);
  if (found === 'unclear') return undefined;
  const finalBlock = await finalBlockNumber(node, head, confirmations);
  if (found !== undefined) {
    const final = found.blockNumber <= finalBlock && (await isCanonical(node, found));
    return { state: stateOf(record, found), inclusion: found, final };
  }
  if (finalBlock < 0) return undefined;
  const used = await node.nonceCount(account, finalBlock);
  return used > record.nonce ? { state: 'replaced', inclusion: null, final: true } : undefined;
}

/**
 * Asked in one go with the head, which ethers sends as one batch: the same machine answers them, and
 * it must know the head for its silence about ours to mean anything.
 */
async function receiptOf(
  node: TransactionNode,
  { attempts }: TransactionRecord,
  head: ChainBlock,
): Promise<TransactionInclusion | undefined | 'unclear'> {
  const [known, ...receipts] = await Promise.all([
    node.block(head.number),
    ...attempts.map(({ hash }) => node.receipt(hash)),
  ]);
  const at = receipts.findIndex((receipt) => receipt !== undefined);
  if (at >= 0) return { hash: attempts[at]!.hash, ...receipts[at]! };
  return known?.hash === head.hash ? undefined : 'unclear';
}

function stateOf({ attempts }: TransactionRecord, { hash }: TransactionInclusion) {
  const mined = attempts.find((attempt) => attempt.hash === hash);
  return mined?.purpose === 'cancel' ? 'cancelled' : 'mined';
}

async function isCanonical(
  node: TransactionNode,
  { blockNumber, blockHash }: TransactionInclusion,
): Promise<boolean> {
  return (await node.block(blockNumber))?.hash === blockHash;
}
