/** What a transaction that fulfilled a request cost and brought. */
import type { StageResults } from '../jobs/stage-results.ts';
import type { TransactionEvents } from './coprocessor-reader.ts';
import type { RequestRecord } from './request-record.ts';

/** A fulfilment that is confirmed, read from its transaction. */
export interface FulfilmentReceipt {
  readonly result: StageResults['confirm'];
  /** Of this request's share of the gas, what the callback did not take. */
  readonly gasWithoutCallback: bigint;
}

/**
 * Reads the receipt of a request's fulfilment. A transaction that somebody else sent cost us
 * nothing; the costs of a batch are shared equally.
 * @param sender who sends our transactions
 */
export function readFulfilment(
  record: RequestRecord,
  transaction: TransactionEvents,
  sender: string,
): FulfilmentReceipt {
  const { requestId, token, fulfilment } = record;
  const { events, gasUsed, fee, from, blockNumber } = transaction;
  const requests = BigInt(events.filter(({ name }) => name === 'InferenceFulfilled').length);
  const isOurs = from.toLowerCase() === sender.toLowerCase();
  const callbacks = events.filter(isCallback);
  const callback = callbacks.find(({ args }) => args.requestId === requestId);
  const burnt = callbacks.reduce((sum, { args }) => sum + args.gasUsed, 0n);
  const earned = events.reduce((sum, { name, args }) => {
    if (name !== 'BalanceCredited' || args.requestId !== requestId) return sum;
    return args.account === fulfilment!.payee && args.token === token ? sum + args.amount : sum;
  }, 0n);
  return {
    result: {
      transactionHash: fulfilment!.transactionHash,
      blockNumber,
      gasUsed: String(gasUsed / requests),
      cost: String(isOurs ? fee / requests : 0n),
      earned: String(earned),
      token,
      callbackSucceeded: callback === undefined ? null : callback.name === 'CallbackSucceeded',
    },
    gasWithoutCallback: (gasUsed - burnt) / requests,
  };
}

type Event = TransactionEvents['events'][number];
type CallbackEvent = Extract<Event, { name: 'CallbackSucceeded' | 'CallbackFailed' }>;

function isCallback(event: Event): event is CallbackEvent {
  return event.name === 'CallbackSucceeded' || event.name === 'CallbackFailed';
}
