/** Gets back what the service is owed: refunds of its own requests, and what it has earned. */
import { type Logger, ZkinferError } from '@zkinfer/core';
import { encodeCall, InferenceCoprocessor, NATIVE_TOKEN } from '@zkinfer/verifier-contracts';
import { type Prices, worthOf } from '../admission/prices.ts';
import type { EndpointSelector } from '../chain/endpoint-selector.ts';
import type { TransactionSender } from '../chain/transaction-sender.ts';
import { chainJobId } from '../jobs/job-ids.ts';
import type { CoprocessorReader } from './coprocessor-reader.ts';
import type { RegisteredModels } from './registered-models.ts';
import type { RequestBook } from './request-book.ts';
import type { RequestRecord } from './request-record.ts';

/** What a sweeper works with. */
export interface SweeperParts {
  readonly chainId: bigint;
  readonly node: EndpointSelector;
  readonly reader: CoprocessorReader;
  readonly book: RequestBook;
  readonly models: RegisteredModels;
  readonly sender: TransactionSender;
  readonly prices: Prices;
  /** Whose refunds are claimed. */
  readonly accounts: readonly string[];
  /** Wei from which on the signer's balance is withdrawn; null: never. */
  readonly withdrawAbove: bigint | null;
  readonly logger: Logger;
}

/** States in which a request may still be refunded. */
const REFUNDABLE_STATES = ['open', 'skipped', 'admitted', 'lapsed'] as const;

/** Refunds and withdrawals, each when it is worth its gas. */
export class Sweeper {
  readonly #parts: SweeperParts;
  readonly #accounts: ReadonlySet<string>;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
    this.#accounts = new Set(parts.accounts.map((account) => account.toLowerCase()));
  }

  /** @throws as `onChain`; refusals of single transactions are logged, and tried again next time */
  async round(): Promise<void> {
    const { book, reader } = this.#parts;
    const chainTime = await reader.chainTime();
    for (const state of REFUNDABLE_STATES) {
      for await (const record of book.list(state)) {
        if (!this.#accounts.has(record.refundAddress.toLowerCase())) continue;
        if (await this.#isDue(record, chainTime)) await this.#refund(record);
      }
    }
    await this.#withdraw();
  }

  /** Roughly: outages of a sequencer may put it off, which the simulation finds out. */
  async #isDue({ deadline, modelId }: RequestRecord, chainTime: number): Promise<boolean> {
    if (BigInt(chainTime) > BigInt(deadline)) return true;
    const { standing } = await this.#parts.models.judge(modelId);
    return standing === 'frozen';
  }

  async #refund(record: RequestRecord): Promise<void> {
    const { chainId, prices } = this.#parts;
    const { requestId, token, modelPrice, workerFee, callbackGasLimit, callbackGasPrice } = record;
    const paid = BigInt(modelPrice) + BigInt(workerFee);
    const callbackMoney = BigInt(callbackGasLimit) * BigInt(callbackGasPrice);
    const maxCost = (worthOf(paid, token, prices) ?? 0n) + callbackMoney;
    const data = encodeCall(InferenceCoprocessor, 'refund', [requestId]);
    await this.#submit(`refund-${chainJobId(chainId, requestId)}`, data, maxCost);
  }

  async #withdraw(): Promise<void> {
    const { reader, node, sender, chainId, withdrawAbove } = this.#parts;
    if (withdrawAbove === null) return;
    const { address } = sender;
    const { withdrawable } = await reader.balances(address);
    if (withdrawable === 0n || withdrawable < withdrawAbove) return;
    // The next one has another id, since by then more nonces are used.
    const used = await node.nonceCount(address);
    const data = encodeCall(InferenceCoprocessor, 'withdraw', [NATIVE_TOKEN, address]);
    await this.#submit(`withdraw-${chainId}-${address.toLowerCase()}-${used}`, data, withdrawable);
  }

  async #submit(id: string, data: string, maxCost: bigint): Promise<void> {
    const { sender, reader, logger } = this.#parts;
    try {
      await sender.submit({ id, call: { to: reader.coprocessor, data, value: 0n }, maxCost });
    } catch (error) {
      if (!(error instanceof ZkinferError)) throw error;
      logger.info({ intentId: id, code: error.code }, 'not swept for now');
    }
  }
}
