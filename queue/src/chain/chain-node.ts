/**
 * What the chain service asks of a node, and no more: what follows events and what sends transactions
 * see a chain through this, so that tests can put another one in its place.
 *
 * A node behind a load balancer may answer from another machine each time: answers to two calls
 * need not fit together, and what was known may be unknown again.
 */

/** A block. */
export interface ChainBlock {
  readonly number: number;
  /** 0x and 64 lower-case digits; so are all hashes here. */
  readonly hash: string;
  /** Wei per gas; null on chains without EIP-1559. */
  readonly baseFeePerGas: bigint | null;
}

/** Blocks that the chain itself calls so (the proof-of-stake tags of the RPC specification). */
export type FinalityTag = 'safe' | 'finalized';

/** An event as the node gives it. */
export interface ChainLog {
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  /** Position among all logs of the block. */
  readonly logIndex: number;
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** Where a transaction was mined and what became of it. */
export interface ChainReceipt {
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly success: boolean;
  readonly gasUsed: bigint;
  /** Wei in all. */
  readonly fee: bigint;
}

/** A call that a transaction makes. */
export interface TransactionCall {
  readonly to: string;
  /** 0x text. */
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
}

/**
 * What a node said to a transaction that it was given.
 * `taken`: it has it, or had it already. `nonce-used`: its nonce is used, by it or by another.
 * `underpriced`: it has another of this nonce, which this one pays too little to replace.
 * `fee-too-low`: it takes none that pays so little. `no-funds`: the account cannot pay it now.
 * `invalid`: it can never be mined. `unknown`: no answer, or one that says nothing; it may have it.
 */
export type BroadcastAnswer =
  | 'taken'
  | 'nonce-used'
  | 'underpriced'
  | 'fee-too-low'
  | 'no-funds'
  | 'invalid'
  | 'unknown';

/** What following events needs. All throw EnvironmentError CONTRACTS_RPC_* when the node fails. */
export interface LogNode {
  /** The latest block that the node knows. */
  head(): Promise<ChainBlock>;
  /** The block of a height in the node's chain; undefined if it has none there. */
  block(number: number): Promise<ChainBlock | undefined>;
  /** The latest block that the chain calls so; undefined where it has none. */
  tagged(tag: FinalityTag): Promise<ChainBlock | undefined>;
  /** The logs of a contract in these blocks, both included. */
  logs(address: string, fromBlock: number, toBlock: number): Promise<readonly ChainLog[]>;
}

/** What sending transactions needs. All but `broadcast` throw as `LogNode`. */
export interface TransactionNode extends Pick<LogNode, 'head' | 'block' | 'tagged'> {
  readonly chainId: bigint;
  /** How many nonces of an account are used as of a block; the latest unless told. */
  nonceCount(account: string, blockNumber?: number): Promise<number>;
  /** undefined while it is not mined. */
  receipt(hash: string): Promise<ChainReceipt | undefined>;
  /** The priority fee that the node suggests, or the gas price where there is none; wei per gas. */
  priorityFee(): Promise<bigint>;
  /**
   * Runs a call on top of what is pending.
   * @returns the gas it takes
   * @throws RevertError CONTRACTS_… when it reverts; InputError CONTRACTS_INSUFFICIENT_FUNDS
   */
  simulate(from: string, call: TransactionCall): Promise<bigint>;
  /** @param signed 0x text. Never throws. */
  broadcast(signed: string): Promise<BroadcastAnswer>;
}
