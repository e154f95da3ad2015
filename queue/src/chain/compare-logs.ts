/**
 * What changed in a range of blocks since it was last looked at. What a node does not tell is not
 * believed to be gone: it may lag behind. Only another block in its place shows that.
 */
import type { ChainLog, LogNode } from './chain-node.ts';
import { inconsistent } from './find-ancestor.ts';
import { type FollowedLog, logKey } from './followed-log.ts';

/** Blocks and what is known of them. */
export interface LogRange {
  readonly address: string;
  readonly fromBlock: number;
  readonly toBlock: number;
  /** The last block that is confirmed. */
  readonly confirmedTo: number;
  /** What the store has of these blocks, by key. */
  readonly known: ReadonlyMap<string, FollowedLog>;
}

/** What changed, each in the order of the chain. */
export interface LogChanges {
  /** Confirmed, and not told of as such. */
  readonly confirmed: readonly ChainLog[];
  /** Never told of, and not confirmed. */
  readonly seen: readonly ChainLog[];
  /** Told of, and not in the chain any more. */
  readonly gone: readonly FollowedLog[];
}

/**
 * Asks a node about a range.
 * @throws EnvironmentError QUEUE_CHAIN_INCONSISTENT when its answers do not fit together; as `LogNode`
 */
export async function compareLogs(node: LogNode, range: LogRange): Promise<LogChanges> {
  const { known, confirmedTo } = range;
  const current = await currentLogs(node, range);
  const fresh = [...current].filter(([key]) => known.get(key)?.confirmed !== true);
  const confirmed = fresh.filter(([, log]) => log.blockNumber <= confirmedTo);
  const seen = fresh.filter(([key, log]) => log.blockNumber > confirmedTo && !known.has(key));
  const gone = [...known].filter(([key]) => !current.has(key));
  const blocks = await hashesOf(node, [...values(confirmed), ...values(gone)]);
  for (const { blockNumber, blockHash } of values(confirmed)) {
    if (blocks.get(blockNumber) === blockHash) continue;
    throw inconsistent(`an event of block ${blockNumber}, which is another`);
  }
  for (const { blockNumber, blockHash } of values(gone)) {
    if (blocks.get(blockNumber) !== blockHash) continue;
    throw inconsistent(`an event of block ${blockNumber} is missing, the block is not`);
  }
  return { confirmed: sorted(confirmed), seen: sorted(seen), gone: sorted(gone) };
}

/**
 * The logs by key, so that a repeated one counts once. The last block is asked for in the same
 * batch: a machine that does not have it cannot know its logs.
 */
async function currentLogs(node: LogNode, range: LogRange): Promise<Map<string, ChainLog>> {
  const { address, fromBlock, toBlock } = range;
  const [logs, last] = await Promise.all([
    node.logs(address, fromBlock, toBlock),
    node.block(toBlock),
  ]);
  if (last === undefined) throw inconsistent(`logs up to block ${toBlock}, which it does not have`);
  const asked = logs.filter(
    (log) =>
      log.blockNumber >= fromBlock &&
      log.blockNumber <= toBlock &&
      log.address.toLowerCase() === address.toLowerCase(),
  );
  return new Map(asked.map((log) => [logKey(log), log]));
}

/** The hashes of the blocks that logs are in, by number. */
async function hashesOf(node: LogNode, logs: readonly ChainLog[]): Promise<Map<number, string>> {
  const numbers = [...new Set(logs.map(({ blockNumber }) => blockNumber))];
  const blocks = await Promise.all(numbers.map((number) => node.block(number)));
  return new Map(
    numbers.map((number, i) => {
      const block = blocks[i];
      if (block === undefined) throw inconsistent(`no block ${number} below the head`);
      return [number, block.hash];
    }),
  );
}

function values<T>(entries: readonly (readonly [string, T])[]): T[] {
  return entries.map(([, value]) => value);
}

/** Keys are in the order of the chain. */
function sorted<T>(entries: readonly (readonly [string, T])[]): T[] {
  return values([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}
