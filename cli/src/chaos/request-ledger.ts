/** What the chain alone says of requests: how each ended, and who got what it had escrowed. */
import { type CoprocessorClient, RequestStatus } from '@zkinfer/verifier-contracts';
import { ENDS, type PlannedRequest } from './planned-request.ts';

/** Ids of requests by how they ended. */
export interface EndedRequests {
  readonly fulfilled: ReadonlySet<string>;
  readonly refunded: ReadonlySet<string>;
}

/** One request in the contract's events. */
interface Entry {
  readonly ends: string[];
  /** Wei by account, in lower case. */
  readonly credits: Map<string, bigint>;
}

/** Requests that ended so far. */
export async function endedRequests(coprocessor: CoprocessorClient): Promise<EndedRequests> {
  const [fulfilled, refunded] = await Promise.all([
    coprocessor.events('InferenceFulfilled'),
    coprocessor.events('RequestRefunded'),
  ]);
  return {
    fulfilled: new Set(fulfilled.map(({ args }) => args.requestId)),
    refunded: new Set(refunded.map(({ args }) => args.requestId)),
  };
}

/**
 * What is wrong with requests that should all have ended: by id, one line for each wrong thing.
 * @param payee who was to be paid for all that were fulfilled
 */
export async function wrongEnds(
  coprocessor: CoprocessorClient,
  requests: readonly PlannedRequest[],
  payee: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = await readEntries(coprocessor);
  const wrong = new Map<string, readonly string[]>();
  for (const request of requests) {
    const { requestId } = request.plan;
    const { status } = await coprocessor.status(requestId);
    const entry = entries.get(requestId) ?? { ends: [], credits: new Map() };
    const lines = [...wrongEnd(request, status, entry), ...wrongCredits(request, entry, payee)];
    if (lines.length > 0) wrong.set(requestId, lines);
  }
  return wrong;
}

/** What accounts were credited in all, by account as events name it. */
export async function creditsByAccount(
  coprocessor: CoprocessorClient,
): Promise<ReadonlyMap<string, bigint>> {
  const sums = new Map<string, bigint>();
  for (const { args } of await coprocessor.events('BalanceCredited')) {
    sums.set(args.account, (sums.get(args.account) ?? 0n) + args.amount);
  }
  return sums;
}

const EVENTS: ReadonlyMap<RequestStatus, string> = new Map([
  [RequestStatus.Fulfilled, 'InferenceFulfilled'],
  [RequestStatus.Refunded, 'RequestRefunded'],
]);

function wrongEnd({ kind }: PlannedRequest, status: RequestStatus, { ends }: Entry): string[] {
  const isOnce = ends.length === 1 && ends[0] === EVENTS.get(status);
  return [
    ...(ENDS[kind].includes(status) ? [] : [`its kind is ${kind}, its status ${status}`]),
    ...(isOnce ? [] : [`its status is ${status}, its events are ${ends.join(', ') || 'none'}`]),
  ];
}

/** Everything that was escrowed is somebody's, the fee the payee's, or all the requester's again. */
function wrongCredits({ plan }: PlannedRequest, entry: Entry, payee: string): string[] {
  const { terms, value } = plan;
  const sum = [...entry.credits.values()].reduce((all, amount) => all + amount, 0n);
  const paid = entry.credits.get(payee.toLowerCase()) ?? 0n;
  const isPaid = entry.ends[0] === 'InferenceFulfilled';
  const least = isPaid ? terms.workerFee : 0n;
  const most = isPaid ? least + terms.callbackGasPrice * terms.callbackGasLimit : 0n;
  return [
    ...(sum === value ? [] : [`of ${value} wei, ${sum} were credited`]),
    ...(paid >= least && paid <= most ? [] : [`${paid} wei were paid for a fee of ${least}`]),
  ];
}

async function readEntries(coprocessor: CoprocessorClient): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const entryOf = (requestId: string): Entry => {
    const entry = entries.get(requestId) ?? { ends: [], credits: new Map() };
    entries.set(requestId, entry);
    return entry;
  };
  for (const name of EVENTS.values() as Iterable<'InferenceFulfilled' | 'RequestRefunded'>) {
    for (const { args } of await coprocessor.events(name)) entryOf(args.requestId).ends.push(name);
  }
  for (const { args } of await coprocessor.events('BalanceCredited')) {
    const { credits } = entryOf(args.requestId);
    const account = args.account.toLowerCase();
    credits.set(account, (credits.get(account) ?? 0n) + args.amount);
  }
  return entries;
}
