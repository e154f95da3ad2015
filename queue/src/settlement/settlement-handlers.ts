/**
 * The stages `settle` and `confirm`: a proof becomes a transaction, and is done when a confirmed event
 * says so. What the chain says comes before what was remembered: status is read right before
 * anything is sent.
 */

import type { Logger } from '@zkinfer/core';
import { type Request, RequestStatus, RevertError } from '@zkinfer/verifier-contracts';
import type { CostModel } from '../admission/cost-model.ts';
import { fulfilmentWorth, type Prices } from '../admission/prices.ts';
import type { BlobStore } from '../artifacts/blob-store.ts';
import type { EndpointSelector } from '../chain/endpoint-selector.ts';
import { type ChainRequest, readInferenceRequest } from '../jobs/inference-request.ts';
import type { StageTask } from '../jobs/stage-task.ts';
import type { StageContext, StageResult } from '../jobs/stage-worker.ts';
import type { JsonObject } from '../json-value.ts';
import type { CoprocessorReader } from './coprocessor-reader.ts';
import { fulfilmentOf } from './fulfilment-item.ts';
import { readFulfilment } from './fulfilment-receipt.ts';
import type { RequestBook } from './request-book.ts';
import type { RequestRecord } from './request-record.ts';
import type { RoundSignal } from './round-signal.ts';
import type { SettlementDesk } from './settlement-desk.ts';
import {
  CLOSING_CODES,
  closingCode,
  closingCodeOf,
  closingError,
  requestMissing,
} from './settlement-errors.ts';

/** What the handlers work with. */
export interface SettlementHandlerParts {
  readonly blobs: BlobStore;
  readonly node: EndpointSelector;
  readonly reader: CoprocessorReader;
  readonly book: RequestBook;
  readonly desk: SettlementDesk;
  readonly costs: CostModel;
  readonly prices: Prices;
  /** Who sends our transactions. */
  readonly sender: string;
  readonly rounds: RoundSignal;
  readonly logger: Logger;
}

/** Fulfils requests of one chain. */
export class SettlementHandlers {
  readonly #parts: SettlementHandlerParts;

  constructor(parts: SettlementHandlerParts) {
    this.#parts = parts;
  }

  /**
   * Sends the fulfilment, alone or with others.
   * @throws EnvironmentError QUEUE_REQUEST_* see CLOSING_CODES; RevertError CONTRACTS_…; as
   *   `TransactionSender.submit`
   */
  async settle(task: StageTask, { signal }: StageContext): Promise<StageResult> {
    const intentId = await this.#fulfil(task, chainRequestOf(task), signal);
    return { result: { intentId } };
  }

  /**
   * Waits until the fulfilment is confirmed; sends it anew where its transaction came to nothing.
   * Finishes the job unless a callback failed. @throws as `settle`
   */
  async confirm(task: StageTask, { signal }: StageContext): Promise<StageResult> {
    const { book, desk, rounds } = this.#parts;
    const chain = chainRequestOf(task);
    for (;;) {
      const record = (await book.get(chain.requestId))?.record;
      const result = record && (await this.#confirmed(record, chain));
      if (result !== undefined) return result;
      const status = await desk.statusOf(task.jobId);
      if (status === undefined || status.final) await this.#fulfil(task, chain, signal);
      await rounds.next(signal);
    }
  }

  /** @returns the id of the intent that fulfils the request, or did */
  async #fulfil(task: StageTask, chain: ChainRequest, signal: AbortSignal): Promise<string> {
    const { desk, reader, blobs, prices, costs } = this.#parts;
    const { jobId } = task;
    const request = await this.#openRequest(chain);
    const before = await desk.statusOf(jobId);
    if (request.status === RequestStatus.Fulfilled) {
      // For us, though not by a transaction that is known here: confirming finds it.
      return before?.intentId ?? `fulfil-${jobId}-0`;
    }
    const notBy = before?.final === true && (await this.#isOpenAfter(before.inclusion, chain));
    try {
      return await desk.send({
        jobId,
        fulfilment: await fulfilmentOf(task, chain, blobs, signal),
        modelId: chain.modelId,
        callbackGasLimit: request.callbackGasLimit,
        worth: fulfilmentWorth(request, prices, await costs.fulfilGas(BigInt(chain.chainId))),
        ...(notBy ? { notBy: before.intentId } : {}),
      });
    } catch (error) {
      const isOther = error instanceof RevertError && error.code === 'CONTRACTS_REQUEST_NOT_OPEN';
      if (!isOther) throw error;
      const now = await reader.request(chain.requestId);
      const code = now && closingCode(now, chain.payee);
      // What reverted a moment ago and is open now is tried again.
      throw code === undefined ? requestMissing() : closingError(code);
    }
  }

  /** The request, if it is open or fulfilled for us. */
  async #openRequest({ requestId, payee }: ChainRequest): Promise<Request> {
    const { reader, book } = this.#parts;
    const request = await reader.request(requestId);
    if (request === undefined) {
      const state = (await book.get(requestId))?.record.state;
      throw state === 'gone' ? closingError(CLOSING_CODES.gone) : requestMissing();
    }
    const code = closingCode(request, payee);
    if (code !== undefined) throw closingError(code);
    return request;
  }

  /** Whether a request is open as of a block that has the transaction in it or below it. */
  async #isOpenAfter(
    inclusion: { readonly blockNumber: number } | null,
    { requestId }: ChainRequest,
  ): Promise<boolean> {
    const { node, reader } = this.#parts;
    const { number } = await node.head();
    if (inclusion !== null && number < inclusion.blockNumber) return false;
    const request = await reader.request(requestId, number);
    return request?.status === RequestStatus.Open;
  }

  async #confirmed(record: RequestRecord, chain: ChainRequest): Promise<StageResult | undefined> {
    const { reader, costs, sender, logger } = this.#parts;
    const { fulfilment, requestId } = record;
    const code = closingCodeOf(record, chain.payee);
    if (code !== undefined) throw closingError(code);
    if (fulfilment === null) return undefined;
    const transaction = await reader.transaction(fulfilment.transactionHash);
    // In another block than it was, it may have done nothing: the follower will tell.
    const isThere = transaction?.events.some(
      ({ name, args }) => name === 'InferenceFulfilled' && args.requestId === requestId,
    );
    if (transaction === undefined || isThere !== true) return undefined;
    const { result, gasWithoutCallback } = readFulfilment(record, transaction, sender);
    await costs.noteFulfilment(BigInt(chain.chainId), gasWithoutCallback);
    logger.info({ requestId, ...result }, 'a request is fulfilled');
    const finishes = result.callbackSucceeded !== false;
    return { result: result as unknown as JsonObject, finishes };
  }
}

/** The request on chain of a task; jobs of HTTP have no such stages. */
export function chainRequestOf(task: Pick<StageTask, 'request'>): ChainRequest {
  return readInferenceRequest(task.request).chain!;
}
