/** A DigitVault with money in it, and an attempt to open it that waits for digits to be read. */
import { randomBytes } from 'node:crypto';
import {
  connectContract,
  DigitVault,
  type DigitVaultMethods,
  deployContract,
  parseAmount,
  parseEvents,
  type TypedContract,
  transact,
} from '@zkinfer/verifier-contracts';
import { ACCOUNT, type LocalMarket } from './local-market.ts';

/** What the depositor puts in, and what the opener pays, in ETH. */
export const DEPOSIT = '1';
export const WORKER_FEE = '0.002';

/** `DigitVault.CALLBACK_GAS`. */
const CALLBACK_GAS = 100_000n;

/** Wei that a worker is repaid per gas of the callback, at most: 5 gwei. */
const CALLBACK_GAS_PRICE = 5n * 10n ** 9n;

const ETHER = { symbol: 'ETH', decimals: 18 };

const SECONDS_OF_A_BLOCK = 12;
const DAY = 86_400;

/** A commitment to a picture, and where the envelope that opens it lies. */
export interface CommittedDrawing {
  readonly inputHash: bigint;
  readonly uri: string;
}

/** What an attempt has come to. */
export interface VaultState {
  /** Digits that the model has read, as text; `nothing` before the first. */
  readonly digits: string;
  /** Wei. */
  readonly balance: bigint;
}

interface VaultParts {
  readonly market: LocalMarket;
  readonly address: string;
  readonly password: string;
  readonly requestIds: readonly string[];
  readonly requestGas: bigint;
}

/** The vault, its requests, and how the opener takes the money in the end. */
export class AskedVault {
  readonly address: string;
  /** In the order of the drawings. */
  readonly requestIds: readonly string[];
  /** Of the transaction that asks for the readings. */
  readonly requestGas: bigint;
  readonly #market: LocalMarket;
  readonly #password: string;

  private constructor({ market, address, password, requestIds, requestGas }: VaultParts) {
    this.#market = market;
    this.address = address;
    this.#password = password;
    this.requestIds = requestIds;
    this.requestGas = requestGas;
  }

  /**
   * Deploys and fills a vault whose code is these digits and a password, begins an attempt, and has
   * the vault ask for the drawings to be read.
   * @throws as `onChain`
   */
  static async ask(
    market: LocalMarket,
    digits: readonly number[],
    drawings: readonly CommittedDrawing[],
  ): Promise<AskedVault> {
    const address = await deployVault(market);
    const password = `0x${randomBytes(32).toString('hex')}`;
    await fill(market, address, digits, password);
    await begin(market, address, drawings, password);
    // Drawings are revealed in a later block than the one that commits to them.
    await market.chain.increaseTime(SECONDS_OF_A_BLOCK);
    const { requestIds, requestGas } = await draw(market, address, drawings);
    return new AskedVault({ market, address, password, requestIds, requestGas });
  }

  /** @throws as `onChain` */
  async state(): Promise<VaultState> {
    const vault = vaultFor(this.#market, this.address, ACCOUNT.opener);
    const { readCount, digits } = await vault.attemptOf(ATTEMPT);
    return {
      digits: readCount === 0n ? 'nothing' : [...Buffer.from(digits.slice(2), 'hex')].join(' '),
      balance: await this.#market.chain.provider.getBalance(this.address),
    };
  }

  /** Shows the password; the vault pays the opener. @throws as `transact` */
  async open(): Promise<void> {
    const vault = vaultFor(this.#market, this.address, ACCOUNT.opener);
    await transact(vault.open, [ATTEMPT, this.#password]);
  }
}

/** The most that one reading costs the opener: what `draw` sends. @throws as `onChain` */
export async function mostCost({ registry, modelId }: LocalMarket): Promise<bigint> {
  return (await registry.price(modelId)) + inWei(WORKER_FEE) + CALLBACK_GAS * CALLBACK_GAS_PRICE;
}

/** The first of a fresh contract. */
const VAULT = 0n;
const ATTEMPT = 0n;

async function deployVault(market: LocalMarket): Promise<string> {
  const { address: coprocessor } = market.coprocessor(ACCOUNT.owner);
  const args = [coprocessor, market.registry.address, market.modelId] as const;
  const signer = market.signer(ACCOUNT.depositor);
  return (await deployContract(DigitVault, signer, [...args])).address;
}

async function fill(
  market: LocalMarket,
  address: string,
  digits: readonly number[],
  password: string,
): Promise<void> {
  const vault = vaultFor(market, address, ACCOUNT.depositor);
  const code = `0x${Buffer.from(digits).toString('hex')}`;
  const codeHash = await vault.codeHashOf(code, password);
  const reclaimableAt = BigInt((await market.chain.now()) + DAY);
  const value = inWei(DEPOSIT);
  await transact(vault.fill, [codeHash, BigInt(digits.length), reclaimableAt], { value });
}

async function begin(
  market: LocalMarket,
  address: string,
  drawn: readonly CommittedDrawing[],
  password: string,
): Promise<void> {
  const vault = vaultFor(market, address, ACCOUNT.opener);
  const opener = await market.signer(ACCOUNT.opener).getAddress();
  const hashes = drawn.map(({ inputHash }) => inputHash);
  const drawings = await vault.drawingsCommitmentOf(opener, hashes);
  const passwordCommitment = await vault.passwordCommitmentOf(opener, password);
  await transact(vault.begin, [VAULT, drawings, passwordCommitment]);
}

async function draw(market: LocalMarket, address: string, drawings: readonly CommittedDrawing[]) {
  const vault = vaultFor(market, address, ACCOUNT.opener);
  const modelPrice = await market.registry.price(market.modelId);
  const offer = { modelPrice, workerFee: inWei(WORKER_FEE), callbackGasPrice: CALLBACK_GAS_PRICE };
  const value = (await mostCost(market)) * BigInt(drawings.length);
  const receipt = await transact(vault.draw, [ATTEMPT, [...drawings], offer], { value });
  const asked = parseEvents(DigitVault, receipt.logs, address).filter(
    (event) => event.name === 'DigitAsked',
  );
  const requestIds = asked.map(({ args }) => args.requestId);
  return { requestIds, requestGas: receipt.gasUsed };
}

function vaultFor(
  market: LocalMarket,
  address: string,
  account: number,
): TypedContract<DigitVaultMethods> {
  return connectContract(DigitVault, address, market.signer(account));
}

function inWei(amount: string): bigint {
  return parseAmount(amount, ETHER);
}
