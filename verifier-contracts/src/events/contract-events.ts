/** Events as plain objects with the types of their contract. */
import { Interface, type Log, type LogDescription, type Provider } from 'ethers';
import type { ContractInterface } from '../contract-artifact.ts';
import { onChain } from '../errors/translate-error.ts';
import { plainStruct } from '../plain-result.ts';

/** An event, where it happened, and what it carries. */
export type ContractEvent<Events> = {
  [Name in keyof Events & string]: {
    readonly name: Name;
    readonly args: Events[Name];
    readonly address: string;
    readonly blockNumber: number;
    readonly transactionHash: string;
    readonly logIndex: number;
  };
}[keyof Events & string];

/** One of a contract's events by its name. */
export type NamedEvent<Events, Name extends keyof Events & string> = Extract<
  ContractEvent<Events>,
  { name: Name }
>;

/** What of a log an event is read from. */
export type EventLog = Pick<
  Log,
  'address' | 'topics' | 'data' | 'blockNumber' | 'transactionHash' | 'index'
>;

/** Which events to look for. Topics are filtered by the node, other arguments by the caller. */
export interface EventQuery {
  /** First and last block, both included; by default the chain's whole history. */
  readonly fromBlock?: number;
  readonly toBlock?: number;
  /** Values that indexed arguments must have. */
  readonly indexed?: Readonly<Record<string, unknown>>;
}

/** Blocks asked for at once, at first: what public endpoints commonly allow. */
const FIRST_WINDOW = 2_000;

/** The events of a contract among logs, such as a receipt's; others are passed over. */
export function parseEvents<Events>(
  artifact: ContractInterface<unknown, Events>,
  logs: readonly EventLog[],
  address?: string,
): ContractEvent<Events>[] {
  const contract = new Interface(artifact.abi);
  return logs
    .filter((log) => address === undefined || sameAddress(log.address, address))
    .flatMap((log) => {
      const parsed = contract.parseLog(log);
      return parsed === null ? [] : [eventOf<Events>(log, parsed)];
    });
}

/**
 * A contract's events of one name, oldest first. Asks in windows of blocks, smaller ones where the
 * node refuses larger.
 * @throws as `onChain`
 */
export async function queryEvents<Events, Name extends keyof Events & string>(
  artifact: ContractInterface<unknown, Events>,
  address: string,
  provider: Provider,
  name: Name,
  query: EventQuery = {},
): Promise<NamedEvent<Events, Name>[]> {
  const topics = topicsOf(new Interface(artifact.abi), name, query.indexed ?? {});
  const last = query.toBlock ?? (await onChain(() => provider.getBlockNumber()));
  const logs: Log[] = [];
  let window = FIRST_WINDOW;
  for (let from = query.fromBlock ?? 0; from <= last; ) {
    const filter = { address, topics, fromBlock: from, toBlock: Math.min(from + window - 1, last) };
    try {
      logs.push(...(await provider.getLogs(filter)));
      from = filter.toBlock + 1;
      window *= 2;
    } catch (error) {
      if (window === 1) await onChain(() => Promise.reject(error));
      window = Math.ceil(window / 4);
    }
  }
  return parseEvents(artifact, logs, address) as NamedEvent<Events, Name>[];
}

function topicsOf(
  contract: Interface,
  name: string,
  indexed: Readonly<Record<string, unknown>>,
): (string | string[] | null)[] {
  const fragment = contract.getEvent(name)!;
  const values = fragment.inputs.map(({ name: key }) => indexed[key] ?? null);
  return contract.encodeFilterTopics(fragment, values) as (string | string[] | null)[];
}

function eventOf<Events>(log: EventLog, { name, args, fragment }: LogDescription) {
  return {
    name,
    args: plainStruct(args, fragment.inputs),
    address: log.address,
    blockNumber: log.blockNumber,
    transactionHash: log.transactionHash,
    logIndex: log.index,
  } as ContractEvent<Events>;
}

function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
