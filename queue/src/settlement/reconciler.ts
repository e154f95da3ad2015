/**
 * Compares what is open here with the contract: on start and every so often. Events alone are not
 * relied on: nodes withhold some, and a store may be older than the chain that it knows.
 */
import type { Logger } from '@zkinfer/core';
import { type Request, RequestStatus } from '@zkinfer/verifier-contracts';
import type { EndpointSelector } from '../chain/endpoint-selector.ts';
import { finalBlockNumber } from '../chain/finality.ts';
import { chainJobId } from '../jobs/job-ids.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import type { CoprocessorReader } from './coprocessor-reader.ts';
import { isUndoable } from './is-undoable.ts';
import type { RequestBook } from './request-book.ts';
import { fulfilledBy, newRequest, reopened } from './request-events.ts';
import type { RequestRecord } from './request-record.ts';
import { closingCode } from './settlement-errors.ts';
import type { SettlementPolicy } from './settlement-policy.ts';

/** What a reconciler works with. */
export interface ReconcilerParts {
  readonly chainId: bigint;
  readonly pipeline: Pipeline;
  readonly node: EndpointSelector;
  readonly reader: CoprocessorReader;
  readonly book: RequestBook;
  readonly policy: Pick<SettlementPolicy, 'confirmations' | 'lookbackBlocks'>;
  /** The first block that can have requests. */
  readonly startBlock: number;
  /** Whom our proofs name. */
  readonly payee: string;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Blocks that are looked through again for requests, each time. */
const OVERLAP = 1_000;

/** Requests that are compared together. */
const AT_A_TIME = 200;

/** What was skipped is looked at by the admission. */
const COMPARED_STATES = ['open', 'admitted'] as const;

/** The most that outages move a deadline by, and a day for clocks: seconds. */
const LATEST_EXTENSION = 8n * 86_400n;

/** Finds and repairs differences. */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  /** Requests up to here were looked for, since the start. */
  #searchedTo: number | undefined;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  /** One comparison of everything. @throws as `onChain` */
  async round(): Promise<void> {
    const { node, policy, book } = this.#parts;
    const finalBlock = await finalBlockNumber(node, await node.head(), policy.confirmations);
    if (finalBlock >= 0) await this.#addMissed(finalBlock);
    let some: RequestRecord[] = [];
    for (const state of COMPARED_STATES) {
      for await (const record of book.list(state)) {
        some.push(record);
        if (some.length < AT_A_TIME) continue;
        await this.#compare(some, finalBlock);
        some = [];
      }
    }
    await this.#compare(some, finalBlock);
  }

  /** Requests that are open on chain and that no event has told of. */
  async #addMissed(finalBlock: number): Promise<void> {
    const { reader, book, policy, startBlock, logger, now } = this.#parts;
    const from = Math.max(
      startBlock,
      (this.#searchedTo ?? finalBlock - policy.lookbackBlocks + OVERLAP) - OVERLAP,
    );
    for (const event of await reader.requested(from, finalBlock)) {
      const { requestId } = event.args;
      if ((await book.get(requestId)) !== undefined) continue;
      const request = await reader.request(requestId);
      if (request?.status !== RequestStatus.Open) continue;
      const isNew = await book.add(newRequest(event, now()));
      if (isNew) logger.warn({ requestId }, 'a request was missed and is taken up');
    }
    this.#searchedTo = finalBlock;
  }

  async #compare(records: readonly RequestRecord[], finalBlock: number): Promise<void> {
    const requests = await this.#parts.reader.requests(records.map(({ requestId }) => requestId));
    for (const [i, record] of records.entries()) {
      const request = requests[i];
      // Unknown to the chain: a machine that lags, or a block that went, which the follower tells of.
      if (request === undefined) continue;
      if (request.status === RequestStatus.Open) await this.#continue(record);
      else await this.#end(record, request, finalBlock);
    }
  }

  /** A request that is open, whose job was lost, or ended by what was undone since. */
  async #continue({ requestId, state, deadline }: RequestRecord): Promise<void> {
    if (state !== 'admitted') return;
    const { pipeline, chainId, book, logger, now } = this.#parts;
    const job = await pipeline.get(chainJobId(chainId, requestId));
    if (BigInt(now()) / 1000n > BigInt(deadline) + LATEST_EXTENSION) {
      // Nobody can fulfil it, and its requester leaves the money where it is.
      await book.change(requestId, (current) => ({ ...current, state: 'lapsed' }));
      return;
    }
    if (job !== undefined && !isUndoable(job.outcome)) return;
    await book.change(requestId, (current) =>
      current.state === 'admitted' ? reopened(current) : undefined,
    );
    logger.warn({ requestId }, 'a request is open though its job is not');
  }

  async #end(record: RequestRecord, request: Request, finalBlock: number): Promise<void> {
    const { pipeline, chainId, book, reader, payee, logger, startBlock, policy } = this.#parts;
    const { requestId } = record;
    const code = closingCode(request, payee);
    if (code !== undefined) await pipeline.close(chainJobId(chainId, requestId), code);
    const before = finalBlock < 0 ? undefined : await reader.request(requestId, finalBlock);
    if (before === undefined || before.status === RequestStatus.Open) return;
    // Confirmed, and no event has told of it yet, or none ever will.
    if (before.status === RequestStatus.Refunded) {
      await book.change(requestId, (current) => ({ ...current, state: 'refunded' }));
      return;
    }
    const from = Math.max(startBlock, finalBlock - policy.lookbackBlocks);
    const event = await reader.fulfilled(requestId, from, finalBlock);
    if (event === undefined) return;
    await book.change(requestId, (current) => fulfilledBy(current, event));
    logger.info({ requestId }, 'a request’s end was found by comparison');
  }
}
