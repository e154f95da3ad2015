/**
 * Sends fulfilments, several in one transaction where they come together and that is cheaper. Which
 * intent a job's request goes with is stored before the intent is submitted; an intent that has a
 * nonce is the job's for as long as that may still be mined, so no request is paid for twice.
 */
import { createHash } from 'node:crypto';
import { InternalError, type Logger } from '@zkinfer/core';
import { encodeCall, type Fulfilment, InferenceCoprocessor } from '@zkinfer/verifier-contracts';
import type { EndpointSelector } from '../chain/endpoint-selector.ts';
import { withHeadroom } from '../chain/fees.ts';
import type { IntentStatus } from '../chain/intent.ts';
import type { TransactionSender } from '../chain/transaction-sender.ts';
import { Records, type StoredRecord } from '../store/records.ts';
import { ABSENT, type Store } from '../store/store.ts';
import { type Batchable, type BatchLimits, planBatches } from './plan-batches.ts';
import { SETTLEMENTS, type Settlement } from './settlement-record.ts';

/** A request to be fulfilled now. */
export interface SettlementItem {
  readonly jobId: string;
  readonly fulfilment: Fulfilment;
  readonly modelId: string;
  readonly callbackGasLimit: bigint;
  /** Wei that it brings: the most that its transaction may cost. */
  readonly worth: bigint;
  /** An intent that was mined and, as is known for certain, did not fulfil it. */
  readonly notBy?: string;
}

/** What a desk works with. */
export interface SettlementDeskParts {
  readonly store: Store;
  readonly node: EndpointSelector;
  readonly sender: TransactionSender;
  readonly coprocessor: string;
  /** How long proofs wait for each other, milliseconds. */
  readonly batchWindowMs: number;
  readonly limits: BatchLimits;
  readonly logger: Logger;
}

/** An item on its way, and whoever waits for its intent. */
interface Waiting {
  readonly item: SettlementItem;
  readonly resolve: (intentId: string) => void;
  readonly reject: (error: unknown) => void;
}

interface Simulated extends Batchable, Waiting {}

const OVERTAKEN = {
  code: 'QUEUE_SETTLEMENT_OVERTAKEN',
  what: 'which transaction fulfils a request was changed by another',
} as const;

/** The intents of jobs. */
export class SettlementDesk {
  readonly #parts: SettlementDeskParts;
  readonly #settlements: Records<Settlement>;
  /** By job, until it has its outcome: whoever asks twice waits for the same. */
  readonly #outcomes = new Map<string, Promise<string>>();
  /** What the next flush takes. */
  #collected: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** One flush after the other: nonces in the order of batches, and no two plans for one job. */
  #last: Promise<void> = Promise.resolve();

  constructor(parts: SettlementDeskParts) {
    this.#parts = parts;
    this.#settlements = new Records(parts.store, SETTLEMENTS);
  }

  /** How far the current intent of a job has come; undefined if none was sent. */
  async statusOf(jobId: string): Promise<IntentStatus | undefined> {
    const settlement = await this.#settlements.get(jobId);
    return settlement && this.#parts.sender.status(settlement.record.intentId);
  }

  /**
   * Has an item sent, unless a transaction for it is under way or was mined.
   * @returns the id of its intent
   * @throws RevertError CONTRACTS_… when it would revert; as `TransactionSender.submit`
   */
  send(item: SettlementItem): Promise<string> {
    const known = this.#outcomes.get(item.jobId);
    if (known !== undefined) return known;
    const outcome = new Promise<string>((resolve, reject) => {
      this.#collected.push({ item, resolve, reject });
    });
    this.#outcomes.set(item.jobId, outcome);
    const { batchWindowMs, limits } = this.#parts;
    if (this.#collected.length >= limits.largestBatch) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), batchWindowMs);
    return outcome;
  }

  /** Sends what waits, and waits for it. */
  async close(): Promise<void> {
    this.#flush();
    await this.#last;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const collected = this.#collected;
    this.#collected = [];
    this.#last = this.#last.then(async () => {
      await this.#sendAll(collected);
      for (const { item } of collected) this.#outcomes.delete(item.jobId);
    });
  }

  /** Never throws: each item has its own outcome. */
  async #sendAll(all: readonly Waiting[]): Promise<void> {
    const checked = await Promise.all(all.map((waiting) => this.#unlessSent(waiting)));
    const ready = checked.filter((simulated) => simulated !== undefined);
    for (const group of planBatches(ready, this.#parts.limits)) {
      try {
        const intentId = await this.#sendGroup(group);
        for (const { resolve } of group) resolve(intentId);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
  }

  /** Settles for what was sent before; tries what is not alone, so that it harms no batch. */
  async #unlessSent(waiting: Waiting): Promise<Simulated | undefined> {
    const { item, resolve, reject } = waiting;
    const { sender, node } = this.#parts;
    try {
      const status = await this.statusOf(item.jobId);
      if (status !== undefined && isUnderWay(status, item)) {
        resolve(status.intentId);
        return undefined;
      }
      const gas = await node.simulate(sender.address, this.#callOf([item]));
      const { baseFeePerGas } = await node.head();
      const { modelId, callbackGasLimit, worth } = item;
      const paysForItself = worth >= gas * (baseFeePerGas ?? 0n);
      return { ...waiting, modelId, gas, callbackGasLimit, paysForItself };
    } catch (error) {
      reject(error);
      return undefined;
    }
  }

  async #sendGroup(group: readonly Waiting[]): Promise<string> {
    const { sender, logger } = this.#parts;
    const items = group.map(({ item }) => item);
    const intentId = await this.#plan(items);
    // Of the gas that it is given a fifth is not used: what it costs is what it is worth.
    const maxCost = withHeadroom(items.reduce((sum, { worth }) => sum + worth, 0n));
    const intent = { id: intentId, call: this.#callOf(items), maxCost };
    try {
      await sender.submit(intent);
    } catch (error) {
      // What was reserved before it failed is sent by the sender's rounds.
      if ((await sender.status(intentId)) === undefined) throw error;
    }
    logger.info({ intentId, jobs: items.length }, 'fulfilments are sent');
    return intentId;
  }

  /** Stores which intent the jobs go with; its id says which jobs, and which try of each. */
  async #plan(items: readonly SettlementItem[]): Promise<string> {
    const before = await Promise.all(items.map(({ jobId }) => this.#settlements.get(jobId)));
    const generations = before.map((stored) => (stored?.record.generation ?? 0) + 1);
    const tries = items.map(({ jobId }, i) => `${jobId}-${generations[i]}`);
    const digest = createHash('sha256').update(tries.join(' ')).digest('hex');
    const intentId = items.length === 1 ? `fulfil-${tries[0]}` : `fulfil-batch-${digest}`;
    const puts = items.map(({ jobId }, i) =>
      this.#put(jobId, { intentId, generation: generations[i]! }, before[i]),
    );
    const { committed } = await this.#parts.store.commit(puts);
    // Flushes come one after the other, and nobody else writes these.
    if (!committed) throw new InternalError(OVERTAKEN);
    return intentId;
  }

  #put(jobId: string, settlement: Settlement, before: StoredRecord<Settlement> | undefined) {
    return this.#settlements.put(jobId, settlement, before?.version ?? ABSENT);
  }

  #callOf(items: readonly SettlementItem[]) {
    const fulfilments = items.map(({ fulfilment }) => fulfilment);
    const data =
      fulfilments.length === 1
        ? encodeCall(InferenceCoprocessor, 'fulfill', [fulfilments[0]!])
        : encodeCall(InferenceCoprocessor, 'fulfillBatch', [fulfilments]);
    return { to: this.#parts.coprocessor, data, value: 0n };
  }
}

/**
 * Whether an intent may still be mined, or was and did what it could. Else its nonce was finally
 * used by something else, or it reverted.
 */
function isUnderWay({ intentId, final, succeeded }: IntentStatus, item: SettlementItem): boolean {
  return !final || (succeeded && intentId !== item.notBy);
}
