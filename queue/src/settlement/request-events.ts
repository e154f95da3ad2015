/** What a coprocessor's events mean for the requests in the book. */
import { type CoprocessorEvents, Delivery, type NamedEvent } from '@zkinfer/verifier-contracts';
import type { ChainUpdate, FollowedEvent, RetractedEvent } from '../chain/chain-follower.ts';
import type { StoredRecord } from '../store/records.ts';
import type { StoreOperation } from '../store/store.ts';
import type { RequestBook } from './request-book.ts';
import type { RequestRecord } from './request-record.ts';

/** The requests that an update is about, as they are after it. */
export interface UpdatedRequests {
  readonly operations: readonly StoreOperation[];
  readonly requestIds: readonly string[];
}

/** A request and what of it is stored, while an update is worked through. */
interface Draft {
  readonly before: StoredRecord<RequestRecord> | undefined;
  record: RequestRecord | undefined;
}

/**
 * Works an update through: what is gone first, the latest of it before the earlier; then what is
 * confirmed. Events that are only seen change nothing: a request counts when it is confirmed.
 * @param now milliseconds since 1970
 */
export async function requestsAfter(
  update: ChainUpdate<CoprocessorEvents>,
  book: RequestBook,
  now: number,
): Promise<UpdatedRequests> {
  const drafts = new Map<string, Draft>();
  const draftOf = async (requestId: string) => {
    const known = drafts.get(requestId);
    if (known !== undefined) return known;
    const before = await book.get(requestId);
    const draft: Draft = { before, record: before?.record };
    drafts.set(requestId, draft);
    return draft;
  };
  for (const event of update.retracted.toReversed()) {
    if (event.wasConfirmed) await retract(event, draftOf);
  }
  for (const event of update.confirmed) await confirm(event, draftOf, now);
  const changed = [...drafts].filter(([, { before, record }]) => record !== before?.record);
  return {
    operations: changed.flatMap(([, { before, record }]) => book.operations(record!, before)),
    requestIds: changed.map(([requestId]) => requestId),
  };
}

/** The record of a request that was just heard of. @param now milliseconds since 1970 */
export function newRequest(
  { args }: Pick<NamedEvent<CoprocessorEvents, 'InferenceRequested'>, 'args'>,
  now: number,
): RequestRecord {
  const { requestId, requester, terms, inputWords, inputUri } = args;
  return {
    requestId,
    requester,
    modelId: terms.modelId,
    inputHash: String(terms.inputHash),
    token: terms.token,
    modelPrice: String(terms.modelPrice),
    workerFee: String(terms.workerFee),
    deadline: String(terms.deadline),
    delivery: terms.delivery === Delivery.Values ? 'values' : 'commitment',
    callbackGasLimit: String(terms.callbackGasLimit),
    callbackGasPrice: String(terms.callbackGasPrice),
    refundAddress: terms.refundAddress,
    inputWords: inputWords.map(String),
    inputUri,
    heardAt: now,
    state: 'open',
    code: null,
    examinations: 0,
    examineAt: 0,
    fulfilment: null,
  };
}

/** A request whose end was undone: the admission looks at it again. */
export function reopened(record: RequestRecord): RequestRecord {
  return { ...record, state: 'open', code: null, examineAt: 0, fulfilment: null };
}

/** A request that a confirmed event ends. */
export function fulfilledBy(
  record: RequestRecord,
  event: NamedEvent<CoprocessorEvents, 'InferenceFulfilled'>,
): RequestRecord {
  const { payee, submitter } = event.args;
  const { transactionHash, blockNumber } = event;
  const fulfilment = { payee, submitter, transactionHash, blockNumber };
  return { ...record, state: 'fulfilled', code: null, fulfilment };
}

async function confirm(
  event: FollowedEvent<CoprocessorEvents>,
  draftOf: (requestId: string) => Promise<Draft>,
  now: number,
): Promise<void> {
  if (event.name === 'InferenceRequested') {
    const draft = await draftOf(event.args.requestId);
    if (draft.record === undefined) draft.record = newRequest(event, now);
    else if (draft.record.state === 'gone') draft.record = reopened(draft.record);
  }
  if (event.name === 'InferenceFulfilled') {
    const draft = await draftOf(event.args.requestId);
    if (draft.record !== undefined) draft.record = fulfilledBy(draft.record, event);
  }
  if (event.name === 'RequestRefunded') {
    const draft = await draftOf(event.args.requestId);
    if (draft.record !== undefined) draft.record = { ...draft.record, state: 'refunded' };
  }
}

async function retract(
  event: RetractedEvent<CoprocessorEvents>,
  draftOf: (requestId: string) => Promise<Draft>,
): Promise<void> {
  const isEnd = event.name === 'InferenceFulfilled' || event.name === 'RequestRefunded';
  if (!isEnd && event.name !== 'InferenceRequested') return;
  const draft = await draftOf(event.args.requestId);
  if (draft.record === undefined) return;
  draft.record = isEnd
    ? reopened(draft.record)
    : { ...draft.record, state: 'gone', fulfilment: null };
}
