/**
 * Follows a coprocessor's events into the book of requests, and gives up the jobs of requests that
 * were ended by others, or whose block is gone.
 */
import type { Logger } from '@zkinfer/core';
import { type CoprocessorEvents, InferenceCoprocessor } from '@zkinfer/verifier-contracts';
import { ChainFollower, type ChainUpdate, type FollowSummary } from '../chain/chain-follower.ts';
import type { LogNode } from '../chain/chain-node.ts';
import type { Finality } from '../chain/finality.ts';
import { chainJobId } from '../jobs/job-ids.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import type { Store, StoreOperation } from '../store/store.ts';
import type { RequestBook } from './request-book.ts';
import { requestsAfter } from './request-events.ts';
import { closingCodeOf } from './settlement-errors.ts';

/** What a request follower works with. */
export interface RequestFollowerParts {
  readonly chainId: bigint;
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly node: LogNode;
  readonly coprocessor: string;
  readonly book: RequestBook;
  readonly startBlock: number;
  readonly policy: { readonly confirmations: Finality };
  /** Whom our proofs name. */
  readonly payee: string;
  readonly logger: Logger;
  readonly now: () => number;
}

/** The events of one coprocessor. */
export class RequestFollower {
  readonly #parts: RequestFollowerParts;
  readonly #follower: ChainFollower<CoprocessorEvents>;
  /** Whose jobs are to be looked at; what a crash forgets the comparison with the contract finds. */
  readonly #touched = new Set<string>();

  constructor(parts: RequestFollowerParts) {
    this.#parts = parts;
    this.#follower = new ChainFollower({
      ...parts,
      artifact: InferenceCoprocessor,
      address: parts.coprocessor,
      confirmations: parts.policy.confirmations,
      handle: (update) => this.#handle(update),
    });
  }

  /** One round, up to the node's head. @throws as `ChainFollower.poll` */
  async poll(): Promise<FollowSummary> {
    const summary = await this.#follower.poll();
    for (const requestId of this.#touched) {
      await this.#closeJob(requestId);
      this.#touched.delete(requestId);
    }
    return summary;
  }

  async #handle(update: ChainUpdate<CoprocessorEvents>): Promise<readonly StoreOperation[]> {
    const { book, now } = this.#parts;
    const { operations, requestIds } = await requestsAfter(update, book, now());
    for (const requestId of requestIds) this.#touched.add(requestId);
    return operations;
  }

  /** As far as it may still be given up: later stages find out by themselves. */
  async #closeJob(requestId: string): Promise<void> {
    const { book, pipeline, chainId, payee } = this.#parts;
    const stored = await book.get(requestId);
    const code = stored && closingCodeOf(stored.record, payee);
    if (code !== undefined) await pipeline.close(chainJobId(chainId, requestId), code);
  }
}
