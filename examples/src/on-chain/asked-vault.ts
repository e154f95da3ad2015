/** A DigitVault with money in it, and an attempt to open it that waits for a digit to be read. */
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
  readonly requestId: string;
  readonly requestGas: bigint;
}

/** The vault, its request, and how the opener takes the money in the end. */
export class AskedVault {
  readonly address: string;
  readonly requestId: string;
  /** Of the transaction that asks for the reading. */
  readonly requestGas: bigint;
  readonly #market: LocalMarket;
  readonly #password: string;

  private constructor({ market, address, password, requestId, requestGas }: VaultParts) {
    this.#market = market;
    this.address = address;
    this.#password = password;
    this.requestId = requestId;
    this.requestGas = requestGas;
  }

  /**
   * Deploys and fills a vault whose code is this digit and a password, begins an attempt, and has
   * the vault ask for the drawing to be read.
   * @throws as `onChain`
   */
  static async ask(
    market: LocalMarket,
    digit: number,
    drawing: CommittedDrawing,
  ): Promise<AskedVault> {
    const address = await deployVault(market);
    const password = `0x${randomBytes(32).toString('hex')}`;
    await fill(market, address, digit, password);
    await begin(market, address, drawing, password);
    // Drawings are revealed in a later block than the one that commits to them.
    await market.chain.increaseTime(SECONDS_OF_A_BLOCK);
    const { requestId, requestGas } = await draw(market, address, drawing);
    return new AskedVault({ market, address, password, requestId, requestGas });
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
  digit: number,
  password: string,
): Promise<void> {
  const vault = vaultFor(market, address, ACCOUNT.depositor);
  const digits = `0x${digit.toString(16).padStart(2, '0')}`;
  const codeHash = await vault.codeHashOf(digits, password);
  const reclaimableAt = BigInt((await market.chain.now()) + DAY);
  const value = inWei(DEPOSIT);
  await transact(vault.fill, [codeHash, 1n, reclaimableAt], { value });
}

async function begin(
  market: LocalMarket,
  address: string,
  { inputHash }: CommittedDrawing,
  password: string,
): Promise<void> {
  const vault = vaultFor(market, address, ACCOUNT.opener);
  const opener = await market.signer(ACCOUNT.opener).getAddress();
  const drawings = await vault.drawingsCommitmentOf(opener, [inputHash]);
  const passwordCommitment = await vault.passwordCommitmentOf(opener, password);
  await transact(vault.begin, [VAULT, drawings, passwordCommitment]);
}

async function draw(market: LocalMarket, address: string, drawing: CommittedDrawing) {
  const vault = vaultFor(market, address, ACCOUNT.opener);
  const modelPrice = await market.registry.price(market.modelId);
  const offer = { modelPrice, workerFee: inWei(WORKER_FEE), callbackGasPrice: CALLBACK_GAS_PRICE };
  const value = await mostCost(market);
  const receipt = await transact(vault.draw, [ATTEMPT, [drawing], offer], { value });
  const asked = parseEvents(DigitVault, receipt.logs, address).find(
    (event) => event.name === 'DigitAsked',
  );
  return { requestId: asked!.args.requestId, requestGas: receipt.gasUsed };
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
