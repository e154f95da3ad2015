/** A chain of one's own for development and tests: anvil, on a free port of this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnvironmentError, InputError } from '@zkinfer/core';
import { JsonRpcProvider, type Signer } from 'ethers';
import { DEVELOPMENT_CHAIN_ID, developmentWallet } from './development-accounts.ts';
import { findFoundryTool } from './find-foundry-tool.ts';

/** How the chain runs. */
export interface LocalChainOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  /** 31337 by default. */
  readonly chainId?: number;
  /** Unix seconds of the first block; now by default. */
  readonly timestamp?: number;
  /** Seconds between blocks; by default each transaction is mined at once. */
  readonly blockTimeSeconds?: number;
  /** The program, if not the one of npm. */
  readonly command?: string;
}

const START_TIMEOUT_MS = 30_000;
const GUARD = fileURLToPath(new URL('./chain-guard.js', import.meta.url));

/**
 * A running anvil. `stop` it in the end; it also stops with this process, and leaves no files.
 *
 * @example
 * await using chain = await LocalChain.start();
 * const deployment = await deployAll(chain.signer(0));
 */
export class LocalChain implements AsyncDisposable {
  /** http://127.0.0.1:… */
  readonly url: string;
  readonly provider: JsonRpcProvider;
  /** Resolves when the chain is gone, by `stop` or because something else ended it. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
    // Answers change with every transaction: none may be kept, and none waited for longer than needed.
    this.provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1 });
    this.provider.pollingInterval = 50;
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
  }

  /**
   * Starts a chain and waits until it answers.
   * @throws EnvironmentError CONTRACTS_FOUNDRY_MISSING, CONTRACTS_FOUNDRY_PLATFORM,
   *   CONTRACTS_LOCAL_CHAIN_FAILED
   */
  static async start(options: LocalChainOptions = {}): Promise<LocalChain> {
    const command = options.command ?? findFoundryTool('anvil');
    const folder = mkdtempSync(join(tmpdir(), 'zkinfer-chain-'));
    const child = spawn(process.execPath, [GUARD, folder, command, ...argumentsOf(options)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    try {
      return new LocalChain(child, await addressOf(child));
    } catch (error) {
      child.stdin.end();
      throw error;
    }
  }

  /** One of the ten funded accounts that anvil publishes. Send its transactions one by one. */
  signer(index: number): Signer {
    return developmentWallet(index).connect(this.provider);
  }

  /** Moves the clock on by seconds and mines a block. */
  async increaseTime(seconds: number): Promise<void> {
    await this.provider.send('evm_increaseTime', [seconds]);
    await this.provider.send('evm_mine', []);
  }

  /** Sets the time of the next block, Unix seconds, and mines it. */
  async setTime(timestamp: number): Promise<void> {
    await this.provider.send('evm_setNextBlockTimestamp', [timestamp]);
    await this.provider.send('evm_mine', []);
  }

  /** Unix seconds of the latest block. */
  async now(): Promise<number> {
    return (await this.provider.getBlock('latest'))!.timestamp;
  }

  /** Ends the chain and waits for its end. Harmless a second time. */
  async stop(): Promise<void> {
    this.provider.destroy();
    this.#child.stdin!.end();
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function argumentsOf(options: LocalChainOptions): string[] {
  const { port = 0, chainId = DEVELOPMENT_CHAIN_ID, timestamp, blockTimeSeconds } = options;
  for (const [name, value] of Object.entries({ port, chainId, timestamp, blockTimeSeconds })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new InputError({
        code: 'CONTRACTS_LOCAL_CHAIN_OPTION',
        what: `the local chain’s ${name} is unusable`,
        got: String(value),
        expected: 'an integer of at least 0',
      });
    }
  }
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId)],
    ...(timestamp === undefined ? [] : ['--timestamp', String(timestamp)]),
    ...(blockTimeSeconds === undefined ? [] : ['--block-time', String(blockTimeSeconds)]),
  ];
}

/** Waits for the line in which anvil names its address. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (got: string, cause?: unknown) => reject(startFailed(got, cause));
    const timer = setTimeout(() => fail('no answer in time'), START_TIMEOUT_MS);
    timer.unref();
    child.once('error', (error) => fail(error.message, error));
    child.once('close', (code) => fail(lastLine(said) || `it ended with code ${code}`));
    child.stderr!.setEncoding('utf8').on('data', (part: string) => {
      said = (said + part).slice(-2_000);
    });
    child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      said = (said + part).slice(-2_000);
      const address = /Listening on ([\d.]+:\d+)/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      said = '';
      resolve(`http://${address}`);
    });
  });
}

function startFailed(got: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError({
    code: 'CONTRACTS_LOCAL_CHAIN_FAILED',
    what: 'anvil did not start',
    got,
    hint: 'Is the port free, and may the program run? Port 0 takes any free one.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
