/** A node over JSON-RPC. */
import { EnvironmentError } from '@zkinfer/core';
import { type JsonRpcApiProvider, onChain, toQuantity } from '@zkinfer/verifier-contracts';
import { broadcastAnswerOf } from './broadcast-answer.ts';
import type {
  BroadcastAnswer,
  ChainBlock,
  ChainLog,
  ChainReceipt,
  FinalityTag,
  LogNode,
  TransactionCall,
  TransactionNode,
} from './chain-node.ts';

/** What is offered where the node suggests nothing: 1 gwei. */
const FALLBACK_PRIORITY_FEE = 1_000_000_000n;

/** JSON-RPC's methods for what to offer, with and without EIP-1559. */
const FEE_METHODS = { dynamic: 'eth_maxPriorityFeePerGas', legacy: 'eth_gasPrice' } as const;

/** `LogNode` and `TransactionNode` over a provider of ethers, such as `openProvider` gives. */
export class RpcChainNode implements LogNode, TransactionNode {
  readonly chainId: bigint;
  readonly #provider: JsonRpcApiProvider;
  /** As the latest block that was seen says. */
  #feeMethod: (typeof FEE_METHODS)[keyof typeof FEE_METHODS] | undefined;

  /** @param chainId what the provider was checked to serve */
  constructor(provider: JsonRpcApiProvider, chainId: bigint) {
    this.#provider = provider;
    this.chainId = chainId;
  }

  async head(): Promise<ChainBlock> {
    const block = await this.#block('latest');
    if (block !== undefined) return block;
    throw new EnvironmentError({ code: 'QUEUE_CHAIN_NO_HEAD', what: 'the node has no block' });
  }

  block(number: number): Promise<ChainBlock | undefined> {
    return this.#block(number);
  }

  async tagged(tag: FinalityTag): Promise<ChainBlock | undefined> {
    return this.#block(tag);
  }

  async logs(address: string, fromBlock: number, toBlock: number): Promise<readonly ChainLog[]> {
    const logs = await onChain(() => this.#provider.getLogs({ address, fromBlock, toBlock }));
    return logs.map((log) => ({
      blockNumber: log.blockNumber,
      blockHash: log.blockHash,
      transactionHash: log.transactionHash,
      logIndex: log.index,
      address: log.address,
      topics: log.topics,
      data: log.data,
    }));
  }

  nonceCount(account: string, blockNumber?: number): Promise<number> {
    return onChain(() => this.#provider.getTransactionCount(account, blockNumber ?? 'latest'));
  }

  async receipt(hash: string): Promise<ChainReceipt | undefined> {
    const receipt = await onChain(() => this.#provider.getTransactionReceipt(hash));
    if (receipt === null) return undefined;
    const { blockNumber, blockHash, status, gasUsed, fee } = receipt;
    return { blockNumber, blockHash, success: status === 1, gasUsed, fee };
  }

  async priorityFee(): Promise<bigint> {
    if (this.#feeMethod === undefined) await this.head();
    const method = this.#feeMethod!;
    if (method === FEE_METHODS.legacy) {
      return BigInt(await onChain(() => this.#provider.send(method, [])));
    }
    try {
      return BigInt(await this.#provider.send(method, []));
    } catch {
      // Optional in the RPC specification; a node that is down fails the calls around this one.
      return FALLBACK_PRIORITY_FEE;
    }
  }

  async simulate(from: string, { to, data, value }: TransactionCall): Promise<bigint> {
    const call = { from, to, data, value: toQuantity(value) };
    return onChain(async () => {
      // A revert of the call says more than one of the estimate, which may be for want of gas.
      const estimate = this.#provider.send('eth_estimateGas', [call, 'pending']);
      estimate.catch(() => {});
      await this.#provider.send('eth_call', [call, 'pending']);
      return BigInt(await estimate);
    });
  }

  async broadcast(signed: string): Promise<BroadcastAnswer> {
    try {
      await this.#provider.send('eth_sendRawTransaction', [signed]);
      return 'taken';
    } catch (error) {
      return broadcastAnswerOf(error);
    }
  }

  async #block(tag: number | 'latest' | FinalityTag): Promise<ChainBlock | undefined> {
    const block = await onChain(() => this.#provider.getBlock(tag));
    if (block?.hash == null) return undefined;
    const { number, hash, baseFeePerGas } = block;
    this.#feeMethod = baseFeePerGas === null ? FEE_METHODS.legacy : FEE_METHODS.dynamic;
    return { number, hash, baseFeePerGas };
  }
}
