/** What the clients of single contracts share: reading, sending, and events. */

import { InputError } from '@zkinfer/core';
import type {
  BaseContractMethod,
  ContractRunner,
  ContractTransactionResponse,
  FunctionFragment,
  Overrides,
  Provider,
  TransactionReceipt,
} from 'ethers';
import {
  type ContractInterface,
  connectContract,
  type TypedContract,
} from '../contract-artifact.ts';
import { onChain } from '../errors/translate-error.ts';
import {
  type ContractEvent,
  type EventQuery,
  type NamedEvent,
  parseEvents,
  queryEvents,
} from '../events/contract-events.ts';
import { plainStruct, plainValue } from '../plain-result.ts';
import { transact } from './transact.ts';

/** A mined transaction and what the contract announced in it. */
export interface Mined<Events> {
  readonly receipt: TransactionReceipt;
  readonly events: readonly ContractEvent<Events>[];
}

/** A contract at an address; `contract` is the underlying one of ethers, typed. */
export class ContractClient<Methods, Events> {
  readonly address: string;
  readonly contract: TypedContract<Methods>;
  protected readonly runner: ContractRunner;
  readonly #artifact: ContractInterface<Methods, Events>;

  /** @param runner a signer to send transactions, a provider to read */
  constructor(
    artifact: ContractInterface<Methods, Events>,
    address: string,
    runner: ContractRunner,
  ) {
    this.#artifact = artifact;
    this.address = address;
    this.runner = runner;
    this.contract = connectContract(artifact, address, runner);
  }

  /**
   * This contract's events in a receipt's logs.
   */
  eventsIn(receipt: TransactionReceipt): ContractEvent<Events>[] {
    return parseEvents(this.#artifact, receipt.logs, this.address);
  }

  /**
   * This contract's events of one name, oldest first.
   * @throws as `onChain`
   */
  events<Name extends keyof Events & string>(
    name: Name,
    query: EventQuery = {},
  ): Promise<NamedEvent<Events, Name>[]> {
    return queryEvents(this.#artifact, this.address, this.provider, name, query);
  }

  /** The chain's id. @throws as `onChain` */
  async chainId(): Promise<bigint> {
    return (await onChain(() => this.provider.getNetwork())).chainId;
  }

  /** @throws InputError CONTRACTS_NO_PROVIDER */
  protected get provider(): Provider {
    const { provider } = this.runner;
    if (provider !== null && provider !== undefined) return provider;
    throw new InputError({
      code: 'CONTRACTS_NO_PROVIDER',
      what: 'the client’s signer is connected to no chain',
      expected: 'a provider, or a signer that has one',
    });
  }

  /** Calls a view; structs come back as plain objects. */
  protected read<Arguments extends unknown[], Result>(
    method: BaseContractMethod<Arguments, Result, Result>,
    ...args: Arguments
  ): Promise<Result> {
    return this.readAt(undefined, method, ...args);
  }

  /** As `read`, as of a block; undefined is the latest. */
  protected async readAt<Arguments extends unknown[], Result>(
    blockNumber: number | undefined,
    method: BaseContractMethod<Arguments, Result, Result>,
    ...args: Arguments
  ): Promise<Result> {
    const call = method as unknown as BaseContractMethod;
    const overrides = blockNumber === undefined ? [] : [{ blockTag: blockNumber }];
    const values = await onChain(() => call.staticCallResult(...args, ...overrides));
    return plainOutputs(values, call.fragment) as Result;
  }

  /** Sends a transaction and waits for it. */
  protected async send<Arguments extends unknown[], Result>(
    method: BaseContractMethod<Arguments, Result, ContractTransactionResponse>,
    args: Arguments,
    overrides: Overrides = {},
  ): Promise<Mined<Events>> {
    const receipt = await transact(method, args, overrides);
    return { receipt, events: this.eventsIn(receipt) };
  }
}

function plainOutputs(
  values: Awaited<ReturnType<BaseContractMethod['staticCallResult']>>,
  { outputs }: FunctionFragment,
): unknown {
  return outputs.length === 1 ? plainValue(values[0], outputs[0]!) : plainStruct(values, outputs);
}
