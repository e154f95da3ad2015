/** A chain in memory that grows and reorganises, and a bad endpoint in front of it. */
import { EnvironmentError } from '@zkinfer/core';
import type { SeededRandom } from '@zkinfer/core/testing';
import type { ContractArtifact } from '@zkinfer/verifier-contracts';
import type { ChainBlock, ChainLog, LogNode } from '../chain/chain-node.ts';

interface SimulatedBlock extends ChainBlock {
  readonly logs: readonly ChainLog[];
}

/** A contract whose only event is `Ping(uint256 n)`. */
export const PING: ContractArtifact<unknown, { Ping: { n: bigint } }> = {
  name: 'Ping',
  abi: ['event Ping(uint256 n)'],
  bytecode: '0x',
  runtimeCode: '0x',
  immutables: [],
};

/** Where it is. */
export const PING_ADDRESS = `0x${'70'.repeat(20)}`;

/** keccak256 of `Ping(uint256)`. */
const TOPIC = '0x48257dc961b6f792c2b78a080dacfed693b660960a702de21cee364e20270e2f';

/** What the endpoint does wrong, each with this probability. */
export interface Faults {
  /** Answers come from a machine that lags behind by up to 6 blocks. */
  readonly stale: number;
  /** Calls fail. */
  readonly failing: number;
  /** Logs are given twice. */
  readonly doubled: number;
}

/** `LogNode` over blocks that tests add and take away. */
export class SimulatedChain implements LogNode {
  readonly #random: SeededRandom;
  readonly #blocks: SimulatedBlock[] = [];
  faults: Faults = { stale: 0, failing: 0, doubled: 0 };
  /** Larger ranges are refused. */
  largestRange = Number.POSITIVE_INFINITY;
  /** The last block that this chain itself calls final; none at first. */
  finalHeight = -1;
  /** The ranges of logs that were asked for. */
  readonly asked: [from: number, to: number][] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
    this.grow(1);
  }

  get height(): number {
    return this.#blocks.length - 1;
  }

  /** Adds blocks with up to two events each. */
  grow(blocks: number): void {
    for (let i = 0; i < blocks; i++) {
      const number = this.#blocks.length;
      const hash = this.#hash();
      const count = number === 0 ? 0 : this.#random.int(0, 2);
      const logs = Array.from({ length: count }, (_, logIndex) =>
        this.#log(number, hash, logIndex),
      );
      this.#blocks.push({ number, hash, baseFeePerGas: 1n, logs });
    }
  }

  /** Replaces the last blocks by others; one more, so that the new chain is the longer one. */
  reorganise(depth: number): void {
    this.#blocks.splice(-depth);
    this.grow(depth + 1);
  }

  /** The events up to a block, as `blockHash-logIndex`. */
  eventsUpTo(number: number): string[] {
    return this.#blocks.slice(0, number + 1).flatMap(({ logs }) => logs.map(nameOfEvent));
  }

  async head(): Promise<ChainBlock> {
    return this.#view().at(-1)!;
  }

  async block(number: number): Promise<ChainBlock | undefined> {
    return this.#view()[number];
  }

  async tagged(): Promise<ChainBlock | undefined> {
    return this.#blocks[this.finalHeight];
  }

  async logs(_address: string, from: number, to: number): Promise<readonly ChainLog[]> {
    this.asked.push([from, to]);
    if (to - from + 1 > this.largestRange) throw failure('CONTRACTS_RPC_FAILED');
    const logs = this.#view()
      .slice(from, to + 1)
      .flatMap((block) => block.logs);
    return logs.flatMap((log) => (this.#random.boolean(this.faults.doubled) ? [log, log] : [log]));
  }

  /** What the machine that answers this call knows. */
  #view(): readonly SimulatedBlock[] {
    const { failing, stale } = this.faults;
    if (this.#random.boolean(failing)) throw failure('CONTRACTS_RPC_UNREACHABLE');
    if (!this.#random.boolean(stale)) return this.#blocks;
    return this.#blocks.slice(0, Math.max(1, this.#blocks.length - this.#random.int(1, 6)));
  }

  #log(blockNumber: number, blockHash: string, logIndex: number): ChainLog {
    const transactionHash = this.#hash();
    const data = `0x${String(logIndex).padStart(64, '0')}`;
    const place = { blockNumber, blockHash, transactionHash, logIndex };
    return { ...place, address: PING_ADDRESS, topics: [TOPIC], data };
  }

  #hash(): string {
    return `0x${Buffer.from(this.#random.bytes(32)).toString('hex')}`;
  }
}

/** Tells events apart, in forks too. */
export function nameOfEvent({ blockHash, logIndex }: Pick<ChainLog, 'blockHash' | 'logIndex'>) {
  return `${blockHash}-${logIndex}`;
}

function failure(code: string): EnvironmentError {
  return new EnvironmentError({ code, what: 'simulated' });
}
