/**
 * Several RPC endpoints of one chain as one node. One of them is asked for as long as it answers and
 * keeps up; then another. No majority is taken: what matters is confirmed by depth, and by the hashes
 * of blocks. Transactions go to all.
 *
 * ethers' FallbackProvider is not used: it asks for a quorum of everything, and takes a node's
 * "already known" for a failure (ethers #4186).
 */
import { type Logger, SILENT_LOGGER } from '@zkinfer/core';
import { type JsonRpcApiProvider, onChain } from '@zkinfer/verifier-contracts';
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
import { isNodeFailure } from './is-node-failure.ts';
import { RpcChainNode } from './rpc-chain-node.ts';

/** How endpoints are chosen. */
export interface EndpointSelectorOptions {
  /** Blocks that an endpoint may lag behind the highest before another is asked; 3 unless told. */
  readonly largestLag?: number;
  /** How often all are asked for their heads; 15 s unless told. */
  readonly compareMs?: number;
  readonly logger?: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface Endpoint {
  readonly provider: JsonRpcApiProvider;
  readonly node: TransactionNode & LogNode;
}

const LARGEST_LAG = 3;
const COMPARE_MS = 15_000;

/** The answer that says most of those that several nodes give. */
const BEST_ANSWERS: readonly BroadcastAnswer[] = [
  'taken',
  'nonce-used',
  'underpriced',
  'fee-too-low',
  'no-funds',
  'invalid',
  'unknown',
];

/** `LogNode` and `TransactionNode` over endpoints of one chain. */
export class EndpointSelector implements LogNode, TransactionNode {
  readonly chainId: bigint;
  readonly #endpoints: Endpoint[] = [];
  readonly #largestLag: number;
  readonly #compareMs: number;
  readonly #log: Logger;
  readonly #now: () => number;
  /** The index of the endpoint that is asked first. */
  #current = 0;
  #comparedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param providers at least one, as `openProvider` gives them, each checked to serve the chain
   */
  constructor(
    providers: readonly JsonRpcApiProvider[],
    chainId: bigint,
    options: EndpointSelectorOptions = {},
  ) {
    this.chainId = chainId;
    for (const provider of providers) this.add(provider);
    this.#largestLag = options.largestLag ?? LARGEST_LAG;
    this.#compareMs = options.compareMs ?? COMPARE_MS;
    this.#log = options.logger ?? SILENT_LOGGER;
    this.#now = options.now ?? Date.now;
  }

  /** One more, after the others. @param provider as for the constructor */
  add(provider: JsonRpcApiProvider): void {
    this.#endpoints.push({ provider, node: new RpcChainNode(provider, this.chainId) });
  }

  /**
   * Asks something else than a node's methods.
   * @throws as `onChain`
   */
  ask<T>(question: (provider: JsonRpcApiProvider) => Promise<T>): Promise<T> {
    return this.#first(({ provider }) => onChain(() => question(provider)));
  }

  async head(): Promise<ChainBlock> {
    const due = this.#now() - this.#comparedAt >= this.#compareMs;
    if (due && this.#endpoints.length > 1) await this.#compare();
    return this.#first(({ node }) => node.head());
  }

  block(number: number): Promise<ChainBlock | undefined> {
    return this.#first(({ node }) => node.block(number));
  }

  tagged(tag: FinalityTag): Promise<ChainBlock | undefined> {
    return this.#first(({ node }) => node.tagged(tag));
  }

  logs(address: string, fromBlock: number, toBlock: number): Promise<readonly ChainLog[]> {
    return this.#first(({ node }) => node.logs(address, fromBlock, toBlock));
  }

  nonceCount(account: string, blockNumber?: number): Promise<number> {
    return this.#first(({ node }) => node.nonceCount(account, blockNumber));
  }

  receipt(hash: string): Promise<ChainReceipt | undefined> {
    return this.#first(({ node }) => node.receipt(hash));
  }

  priorityFee(): Promise<bigint> {
    return this.#first(({ node }) => node.priorityFee());
  }

  simulate(from: string, call: TransactionCall): Promise<bigint> {
    return this.#first(({ node }) => node.simulate(from, call));
  }

  async broadcast(signed: string): Promise<BroadcastAnswer> {
    const answers = await Promise.all(this.#endpoints.map(({ node }) => node.broadcast(signed)));
    return BEST_ANSWERS.find((answer) => answers.includes(answer))!;
  }

  /** Tries the current endpoint, then the others; the one that answers is the current one then. */
  async #first<T>(question: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    const first = this.#current;
    for (let tries = 1; ; tries++) {
      const index = (first + tries - 1) % this.#endpoints.length;
      try {
        const answer = await question(this.#endpoints[index]!);
        if (index !== first) this.#choose(index, 'another endpoint failed');
        return answer;
      } catch (error) {
        if (!isNodeFailure(error) || tries === this.#endpoints.length) throw error;
      }
    }
  }

  /** Leaves an endpoint that lags behind. */
  async #compare(): Promise<void> {
    this.#comparedAt = this.#now();
    const heads = await Promise.all(
      this.#endpoints.map(({ node }) =>
        node.head().then(
          ({ number }) => number,
          () => -1,
        ),
      ),
    );
    const highest = Math.max(...heads);
    if (heads[this.#current]! >= highest - this.#largestLag) return;
    this.#choose(heads.indexOf(highest), 'another endpoint lags behind');
  }

  /** By number: its URL may hold a key. */
  #choose(index: number, why: string): void {
    if (index === this.#current) return;
    this.#log.warn({ chainId: String(this.chainId), endpoint: index }, why);
    this.#current = index;
  }
}
