/**
 * Follows the events of a contract: tells of each exactly once when it is confirmed, and before that
 * as seen, which may be taken back. What the handler makes of them is committed together with the
 * checkpoint, so that a crash repeats nothing and loses nothing.
 *
 * Every round asks again for all blocks that are not confirmed, and some before: machines behind a
 * load balancer may not have known an event yet that was there. No subscriptions: they lose
 * events silently (ethers #4784, #3486).
 */
import { EnvironmentError, type Logger, SILENT_LOGGER, ZkinferError } from '@zkinfer/core';
import {
  type ContractArtifact,
  type ContractEvent,
  parseEvents,
} from '@zkinfer/verifier-contracts';
import { Records, type StoredRecord } from '../store/records.ts';
import { ABSENT, type Store, type StoreOperation } from '../store/store.ts';
import type { ChainBlock, ChainLog, LogNode } from './chain-node.ts';
import { type Anchor, CHECKPOINTS, type Checkpoint, withAnchor } from './checkpoint.ts';
import { compareLogs, type LogChanges } from './compare-logs.ts';
import { type Finality, finalBlockNumber } from './finality.ts';
import { findAncestor, inconsistent } from './find-ancestor.ts';
import { blockKey, type FollowedLog, LOG_RECORDS, logKey } from './followed-log.ts';
import { PollLoop } from './poll-loop.ts';

/** An event and the block that it is in. */
export type FollowedEvent<Events> = ContractEvent<Events> & { readonly blockHash: string };

/** An event that is not in the chain any more. */
export type RetractedEvent<Events> = FollowedEvent<Events> & {
  /** Whether it was told of as confirmed: the chain was reorganised deeper than that. */
  readonly wasConfirmed: boolean;
};

/** What happened since the last update; each list in the order of the chain. */
export interface ChainUpdate<Events> {
  readonly confirmed: readonly FollowedEvent<Events>[];
  /** Events that are not confirmed yet; those that are at once are not told of here. */
  readonly seen: readonly FollowedEvent<Events>[];
  readonly retracted: readonly RetractedEvent<Events>[];
}

/** What a follower needs. */
export interface ChainFollowerOptions<Events> {
  readonly store: Store;
  readonly node: LogNode;
  readonly chainId: bigint;
  readonly artifact: ContractArtifact<unknown, Events>;
  readonly address: string;
  /** The first block that is looked at: the contract's own. */
  readonly startBlock: number;
  /** From when on an event is confirmed. */
  readonly confirmations: Finality;
  /** Confirmed blocks that are asked for again each time; 20 unless told. */
  readonly overlap?: number;
  /** Blocks that are asked for at once, at first; 2,000 unless told. */
  readonly firstWindow?: number;
  /**
   * What is to be committed for an update. May be called again for the same one, when its commit
   * fails: it must do nothing itself that may not be repeated.
   */
  readonly handle: (update: ChainUpdate<Events>) => Promise<readonly StoreOperation[]>;
  readonly logger?: Logger;
}

/** What a round found. */
export interface FollowSummary {
  /** The latest block that the node knows. */
  readonly head: number;
  readonly confirmedTo: number;
  /** Whether the node lags behind what was followed already; then nothing was done. */
  readonly behind: boolean;
}

interface Position {
  readonly checkpoint: Checkpoint;
  readonly version: number;
}

interface Heights {
  readonly head: number;
  /** The last confirmed block. */
  readonly final: number;
}

/** What public endpoints commonly allow, and what they never need. */
const FIRST_WINDOW = 2_000;
const LARGEST_WINDOW = 10_000;
const OVERLAP = 20;

/** A smaller window is tried so often at once; then the loop waits. */
const HALVINGS_PER_ROUND = 4;
const HANDLER_TRIES = 3;

/** The events of one contract, followed. */
export class ChainFollower<Events> {
  readonly #options: ChainFollowerOptions<Events>;
  readonly #overlap: number;
  readonly #name: string;
  readonly #log: Logger;
  readonly #checkpoints: Records<Checkpoint>;
  readonly #logs: Records<FollowedLog>;
  #window: number | undefined;
  #loop: PollLoop | undefined;

  constructor(options: ChainFollowerOptions<Events>) {
    const { store, chainId, address, overlap = OVERLAP, logger = SILENT_LOGGER } = options;
    this.#options = options;
    this.#overlap = overlap;
    this.#name = `${chainId}-${address.toLowerCase()}`;
    this.#log = logger;
    this.#checkpoints = new Records(store, CHECKPOINTS);
    this.#logs = new Records(store, LOG_RECORDS);
  }

  /**
   * One round, up to the node's head.
   * @throws IntegrityError QUEUE_CHAIN_REPLACED; EnvironmentError QUEUE_CHAIN_INCONSISTENT,
   *   QUEUE_FOLLOWER_OVERTAKEN, CONTRACTS_RPC_*; what the handler throws. All but the first may pass;
   *   what was committed before stays.
   */
  async poll(): Promise<FollowSummary> {
    const { node } = this.#options;
    let position = await this.#position();
    const head = await node.head();
    const ancestry = await findAncestor(node, position.checkpoint.anchors, head);
    if (ancestry.kind === 'behind') return summaryOf(head, position, true);
    if (ancestry.kind === 'reorganised') position = this.#rolledBack(position, ancestry.ancestor);
    this.#window ??= position.checkpoint.window;
    const heights = await this.#heights(head);
    const start = position.checkpoint.confirmedTo + 1 - this.#overlap;
    for (let from = Math.max(this.#options.startBlock, start); from <= head.number; ) {
      const next = await this.#withSmallerWindows(from, heights, position);
      from = next.to + 1;
      position = next.position;
    }
    return summaryOf(head, position, false);
  }

  /** Calls `poll` until `close`; failures are logged, and tried again ever later. */
  start(intervalMs: number): void {
    this.#loop ??= new PollLoop(() => this.poll(), {
      intervalMs,
      logger: this.#log,
      failed: `following ${this.#name} failed`,
    });
  }

  /** Waits for the round that is under way. */
  async close(): Promise<void> {
    await this.#loop?.stop();
  }

  async #heights(head: ChainBlock): Promise<Heights> {
    const { node, confirmations } = this.#options;
    return { head: head.number, final: await finalBlockNumber(node, head, confirmations) };
  }

  async #position(): Promise<Position> {
    const stored = await this.#checkpoints.get(this.#name);
    if (stored !== undefined) return { checkpoint: stored.record, version: stored.version };
    const { startBlock, firstWindow: window = FIRST_WINDOW } = this.#options;
    const checkpoint = { confirmedTo: startBlock - 1, anchors: [], window };
    return { checkpoint, version: ABSENT };
  }

  /** Confirmed events above the ancestor are compared with the chain again. */
  #rolledBack({ checkpoint, version }: Position, ancestor: Anchor): Position {
    const { confirmedTo } = checkpoint;
    const found = { follower: this.#name, confirmedTo, ancestor: ancestor.number };
    this.#log.error(found, 'the chain was reorganised deeper than its confirmations');
    const anchors = checkpoint.anchors.filter(({ number }) => number <= ancestor.number);
    return { checkpoint: { ...checkpoint, confirmedTo: ancestor.number, anchors }, version };
  }

  /** Endpoints limit the range or the number of logs, each differently, with an error. */
  async #withSmallerWindows(from: number, heights: Heights, position: Position) {
    for (let halvings = 0; ; halvings++) {
      const window = this.#window!;
      const to = Math.min(from + window - 1, heights.head);
      try {
        const after = await this.#follow(from, to, heights.final, position);
        this.#window = Math.min(Math.ceil(window * 1.5), LARGEST_WINDOW);
        return { to, position: after };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        this.#window = Math.ceil(window / 2);
        if (window === 1 || halvings === HALVINGS_PER_ROUND) throw error;
      }
    }
  }

  async #follow(from: number, to: number, final: number, before: Position): Promise<Position> {
    const { node, address } = this.#options;
    const confirmable = Math.min(to, final);
    const confirmedTo = Math.max(before.checkpoint.confirmedTo, confirmable);
    const known = await this.#known(from, to);
    const range = { address, fromBlock: from, toBlock: to, confirmedTo, known };
    const changes = await compareLogs(node, range);
    const moved = confirmedTo > before.checkpoint.confirmedTo;
    if (!moved && isNothing(changes)) return before;
    const checkpoint = moved
      ? await this.#movedTo(confirmedTo, before.checkpoint)
      : before.checkpoint;
    return this.#commit(changes, checkpoint, before);
  }

  async #movedTo(confirmedTo: number, { anchors }: Checkpoint): Promise<Checkpoint> {
    // The first time there may be no other that a reorganisation leaves.
    const root = Math.max(this.#options.startBlock - 1, 0);
    const before = anchors.length > 0 ? anchors : [await this.#anchorAt(root)];
    const anchor = await this.#anchorAt(confirmedTo);
    return { confirmedTo, anchors: withAnchor(before, anchor), window: this.#window! };
  }

  async #anchorAt(blockNumber: number): Promise<Anchor> {
    const block = await this.#options.node.block(blockNumber);
    if (block === undefined) throw inconsistent(`no block ${blockNumber} below the head`);
    return { number: block.number, hash: block.hash };
  }

  /** What is stored of a range of blocks. */
  async #known(from: number, to: number): Promise<Map<string, FollowedLog>> {
    const found = new Map<string, FollowedLog>();
    const after = `${this.#name}-${blockKey(from)}`;
    for await (const { id, record } of this.#logs.list(`${this.#name}-`, { after })) {
      if (record.blockNumber > to) break;
      found.set(this.#keyOf(id), record);
    }
    return found;
  }

  async #commit(changes: LogChanges, checkpoint: Checkpoint, { version }: Position) {
    const update = this.#updateOf(changes);
    const own: StoreOperation[] = [
      this.#checkpoints.put(this.#name, checkpoint, version),
      ...changes.seen.map((log) => this.#put(log, false)),
      ...changes.confirmed.map((log) => this.#put(log, true)),
      ...changes.gone.map((log) => this.#logs.delete(this.#idOf(log))),
      ...(await this.#outdated(checkpoint)),
    ];
    for (let tries = 1; ; tries++) {
      const theirs = isNothing(changes) ? [] : await this.#options.handle(update);
      const result = await this.#options.store.commit([...own, ...theirs]);
      if (result.committed) return { checkpoint, version: result.version };
      // A handler's precondition failed: it decides again on what it finds now.
      const overtaken = result.conflict === own[0]!.key;
      if (overtaken || tries === HANDLER_TRIES) throw this.#overtaken(result.conflict);
    }
  }

  #put(log: ChainLog, confirmed: boolean): StoreOperation {
    return this.#logs.put(this.#idOf(log), { ...log, confirmed });
  }

  /** Deletes what no reorganisation that can be followed reaches. */
  async #outdated({ anchors }: Checkpoint): Promise<StoreOperation[]> {
    const kept = (anchors[0]?.number ?? 0) - this.#overlap;
    const deletions: StoreOperation[] = [];
    for await (const { id, record } of this.#logs.list(`${this.#name}-`)) {
      if (record.blockNumber >= kept) break;
      deletions.push(this.#logs.delete(id));
    }
    return deletions;
  }

  #updateOf({ confirmed, seen, gone }: LogChanges): ChainUpdate<Events> {
    const told = (logs: readonly ChainLog[]) => logs.flatMap((log) => this.#eventOf(log));
    const retracted = gone.flatMap((log) =>
      this.#eventOf(log).map((event) => ({ ...event, wasConfirmed: log.confirmed })),
    );
    return { confirmed: told(confirmed), seen: told(seen), retracted };
  }

  /** One event, or none for a log that the artifact does not declare. */
  #eventOf(log: ChainLog): FollowedEvent<Events>[] {
    const { artifact } = this.#options;
    const events = parseEvents(artifact, [{ ...log, index: log.logIndex }]);
    return events.map((event) => ({ ...event, blockHash: log.blockHash }));
  }

  #idOf(log: ChainLog): string {
    return `${this.#name}-${logKey(log)}`;
  }

  #keyOf(id: StoredRecord<FollowedLog>['id']): string {
    return id.slice(this.#name.length + 1);
  }

  #overtaken(conflict: string): EnvironmentError {
    return new EnvironmentError({
      code: 'QUEUE_FOLLOWER_OVERTAKEN',
      what: `something else changed the store while ${this.#name} was followed`,
      got: conflict,
      hint: 'Follow a contract from one process alone.',
    });
  }
}

/** An error that a smaller question may avoid. */
function isRefusal(error: unknown): boolean {
  return error instanceof ZkinferError && error.code === 'CONTRACTS_RPC_FAILED';
}

function isNothing({ confirmed, seen, gone }: LogChanges): boolean {
  return confirmed.length + seen.length + gone.length === 0;
}

function summaryOf(head: ChainBlock, { checkpoint }: Position, behind: boolean): FollowSummary {
  return { head: head.number, confirmedTo: checkpoint.confirmedTo, behind };
}
