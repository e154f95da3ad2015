/**
 * The stage `callback`: a callback that failed is tried again, at our expense and within a budget,
 * when a call without a transaction says that it would succeed. The payment does not depend on it.
 */
import { EnvironmentError, type Logger, ZkinferError } from '@zkinfer/core';
import {
  CallbackStatus,
  encodeCall,
  InferenceCoprocessor,
  type Request,
} from '@zkinfer/verifier-contracts';
import { callbackGas } from '../admission/fulfilment-gas.ts';
import type { EndpointSelector } from '../chain/endpoint-selector.ts';
import { gasPriceOf } from '../chain/fees.ts';
import type { IntentStatus } from '../chain/intent.ts';
import type { TransactionSender } from '../chain/transaction-sender.ts';
import { waitForChain } from '../chain/wait-for-chain.ts';
import { UNEXPECTED_ERROR } from '../jobs/classify-error.ts';
import type { StageTask } from '../jobs/stage-task.ts';
import type { StageContext, StageResult } from '../jobs/stage-worker.ts';
import type { CoprocessorReader } from './coprocessor-reader.ts';
import type { RoundSignal } from './round-signal.ts';
import { requestMissing } from './settlement-errors.ts';
import { chainRequestOf } from './settlement-handlers.ts';

/** What the handler works with. */
export interface CallbackHandlerParts {
  readonly node: EndpointSelector;
  readonly reader: CoprocessorReader;
  readonly sender: TransactionSender;
  readonly rounds: RoundSignal;
  /** Wei that a try may cost. */
  readonly budget: bigint;
  /** Tries of the stage; after the last one it is given up, and the job is done. */
  readonly attempts: number;
  readonly logger: Logger;
  /** How long a try waits for a node that is away, 60 s unless told: tries are few and far between. */
  readonly patienceMs?: number;
}

/** Why a callback is given up that a transaction of ours has tried. */
const PAID_FOR = 'QUEUE_CALLBACK_FAILED';

const PATIENCE_MS = 60_000;

/** What a retry takes beside the callback itself: the transaction and four words that change. */
const RETRY_GAS = 60_000n;

/** Retries callbacks of one chain. */
export class CallbackHandler {
  readonly #parts: CallbackHandlerParts;

  constructor(parts: CallbackHandlerParts) {
    this.#parts = parts;
  }

  /**
   * One try. The last one never throws: a callback that stays failed is for the requester to retry.
   * Nor does one that was paid for: a callee that fails though it would have succeeded can tell a
   * call for a try from a transaction, and would have all tries paid for.
   * @throws EnvironmentError QUEUE_CALLBACK_WOULD_FAIL, QUEUE_CALLBACK_TOO_DEAR,
   *   QUEUE_CALLBACK_NOT_MINED; as `TransactionSender.submit`
   */
  async retry(task: StageTask, { signal }: StageContext): Promise<StageResult> {
    const { logger, patienceMs = PATIENCE_MS } = this.#parts;
    const step = () => this.#tryAgain(task, signal);
    try {
      const transactionHash = await waitForChain(step, { patienceMs, signal, logger });
      return { result: { transactionHash, succeeded: true, code: null } };
    } catch (error) {
      const code = error instanceof ZkinferError ? error.code : UNEXPECTED_ERROR;
      const isLast = code === PAID_FOR || task.attempt >= this.#parts.attempts;
      if (signal.aborted || !isLast) throw error;
      return { result: { transactionHash: null, succeeded: false, code } };
    }
  }

  /** @returns the hash of our transaction; null if somebody else's did it */
  async #tryAgain(task: StageTask, signal: AbortSignal): Promise<string | null> {
    const { sender, reader, rounds, budget } = this.#parts;
    const { requestId } = chainRequestOf(task);
    const intentId = `callback-${task.jobId}-${task.attempt}`;
    if ((await sender.status(intentId)) === undefined) {
      const request = await reader.request(requestId);
      if (request === undefined) throw requestMissing();
      if (request.callbackStatus === CallbackStatus.Succeeded) return null;
      await this.#requireWorth(requestId, request);
      const data = encodeCall(InferenceCoprocessor, 'retryCallback', [requestId]);
      const call = { to: reader.coprocessor, data, value: 0n };
      await sender.submit({ id: intentId, call, maxCost: budget });
    }
    for (;;) {
      const status = await sender.status(intentId);
      if (status?.final === true) return this.#outcome(requestId, status);
      await rounds.next(signal);
    }
  }

  async #requireWorth(requestId: string, request: Request): Promise<void> {
    const { node, reader, budget } = this.#parts;
    const [head, priorityFeePerGas] = await Promise.all([node.head(), node.priorityFee()]);
    const price = gasPriceOf({ baseFeePerGas: head.baseFeePerGas, priorityFeePerGas });
    const cost = price * (callbackGas(request.callbackGasLimit) + RETRY_GAS);
    if (cost > budget) {
      throw new EnvironmentError({
        code: 'QUEUE_CALLBACK_TOO_DEAR',
        what: 'trying the callback again costs more than it may',
        got: `${cost} wei`,
        expected: `at most ${budget}`,
      });
    }
    if (await reader.callbackWouldSucceed(requestId, request)) return;
    throw new EnvironmentError({
      code: 'QUEUE_CALLBACK_WOULD_FAIL',
      what: 'the requester’s callback would fail again',
      hint: 'It is the requester’s contract that refuses; the output can be read in any case.',
    });
  }

  async #outcome(requestId: string, { state, inclusion }: IntentStatus): Promise<string | null> {
    const request = await this.#parts.reader.request(requestId);
    if (request?.callbackStatus === CallbackStatus.Succeeded) return inclusion?.hash ?? null;
    const failed = { code: PAID_FOR, what: 'the requester’s callback failed again' };
    const unsent = {
      code: 'QUEUE_CALLBACK_NOT_MINED',
      what: 'the transaction that tries the callback again was given up',
    };
    throw new EnvironmentError(state === 'mined' ? failed : unsent);
  }
}
