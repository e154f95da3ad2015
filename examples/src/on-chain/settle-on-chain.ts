/** What the quickstart shows on chain: a vault asks, a worker answers and is paid, a thief is not. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeOpening, encodeEnvelope, type ProofJson } from '@zkinfer/core';
import {
  formatAmount,
  RequestStatus,
  type RevertError,
  type TransactionReceipt,
} from '@zkinfer/verifier-contracts';
import type { FinishedCommand } from '../run-shown.ts';
import { print, printFacts, ROOT, zkinfer } from '../zkinfer-step.ts';
import { AskedVault, DEPOSIT, type VaultState, WORKER_FEE } from './asked-vault.ts';
import { type CopyOutcome, copyFromMempool, OUTBIDDING } from './copy-from-mempool.ts';
import { ACCOUNT, CHAIN_FOLDER, LocalMarket, MODEL_PRICE } from './local-market.ts';
import { verificationGas } from './verification-gas.ts';

/** A proof made before, off chain. */
export interface OfflineProof {
  /** Directory of the model, with keys; below the root folder. */
  readonly compiled: string;
  /** Folder of the proof; below the root folder. */
  readonly folder: string;
  /** What the model answered. */
  readonly digit: number;
}

/** What the chain part took. */
export interface Settlement {
  /** The command that proves for the request and delivers. */
  readonly fulfilled: FinishedCommand;
  readonly gas: {
    readonly register: bigint;
    readonly request: bigint;
    readonly fulfill: bigint;
    /** Of the proof's check alone. */
    readonly verify: bigint;
  };
}

const ENVELOPE = `${CHAIN_FOLDER}/drawing.json`;

/**
 * Runs a chain from deployment to payment and theft.
 * @throws EnvironmentError where there is no anvil, see LocalMarket; FailedStep
 */
export async function settleOnChain(proof: OfflineProof): Promise<Settlement> {
  await using market = await LocalMarket.open(proof.compiled);
  const vault = await askForReading(market, proof);
  const { provider } = market.chain;
  const snapshot: string = await provider.send('evm_snapshot', []);
  const before = await vault.state();
  const fulfilled = await fulfillByCommand(vault, proof);
  const receipt = await fulfilmentOf(market, vault);
  await showOpening(vault, before);
  const signed = await rawTransaction(market, receipt.hash);
  await provider.send('evm_revert', [snapshot]);
  showTheft(await copyFromMempool(market, signed));
  return {
    fulfilled,
    gas: {
      register: market.registrationGas,
      request: vault.requestGas,
      fulfill: receipt.gasUsed,
      verify: await verificationGas(market, readProof(proof)),
    },
  };
}

async function askForReading(market: LocalMarket, proof: OfflineProof): Promise<AskedVault> {
  writeEnvelope(proof);
  const [, inputHash] = readProof(proof).signals;
  const vault = await AskedVault.ask(market, proof.digit, { inputHash: inputHash!, uri: ENVELOPE });
  print(`
A contract asks. A DigitVault, one of the examples, holds ${DEPOSIT} ETH for whoever shows a drawing that the
model reads as its digit, ${article(proof.digit)}, and knows its password. It asks about a commitment to the drawing above.
`);
  printFacts([
    ['request', vault.requestId],
    ['in escrow', `${MODEL_PRICE} ETH for the model, ${WORKER_FEE} for the worker, callback gas`],
  ]);
  print(`
A worker answers. The proof above is bound to nothing: anybody could claim a fee with it. The chain takes
only a proof that names this request and who is paid, so the worker proves once more.`);
  return vault;
}

/** For the worker: words and salt that open what the offline proof, and the vault, commit to. */
function writeEnvelope({ folder }: OfflineProof): void {
  const opening = readFileSync(join(ROOT, folder, 'opening.json'), 'utf8');
  const { modelDigest, inputWords: words, inputSalt } = decodeOpening(opening);
  const envelope = encodeEnvelope({ version: 1, modelDigest, words, inputSalt });
  writeFileSync(join(ROOT, ENVELOPE), envelope, { mode: 0o600 });
}

function article(digit: number): string {
  return digit === 8 ? 'an 8' : `a ${digit}`;
}

function fulfillByCommand(vault: AskedVault, { compiled }: OfflineProof): Promise<FinishedCommand> {
  const input = ['--envelope', ENVELOPE];
  const signer = ['--account', String(ACCOUNT.worker), '--deployments', CHAIN_FOLDER];
  return zkinfer('fulfill', vault.requestId, compiled, ...input, ...signer);
}

async function fulfilmentOf(market: LocalMarket, { requestId }: AskedVault) {
  const coprocessor = market.coprocessor(ACCOUNT.worker);
  const [event] = await coprocessor.events('InferenceFulfilled', { indexed: { requestId } });
  return (await market.chain.provider.getTransactionReceipt(event!.transactionHash))!;
}

async function showOpening(vault: AskedVault, before: VaultState): Promise<void> {
  await vault.open();
  const after = await vault.state();
  print('\nThe vault was called back with the answer. Now it opens to the password:\n');
  printFacts([
    ['read', `${after.digits} (before: ${before.digits})`],
    ['holds', `${inEther(after.balance)} (before: ${inEther(before.balance)})`],
  ]);
}

function showTheft(outcome: CopyOutcome): void {
  const { alteredRefusedBy, copy, original, originalRefusedBy } = outcome;
  const { workerEarned, thiefEarned, thiefPaid } = outcome;
  print(`
A thief. Back to before the answer (anvil can rewind): the worker’s transaction waits in the mempool, where
another account finds it, copies it, and pays ${OUTBIDDING} times as much for gas.
`);
  printFacts([
    ['altered copy', `with the thief as payee: ${reasonOf(alteredRefusedBy)}`],
    ['exact copy', `${resultOf(copy)}: proof, payment and callback are valid`],
    ['the original', `${resultOf(original)}: ${reasonOf(originalRefusedBy)}`],
    [
      'the worker',
      `earned ${inEther(workerEarned)}, fee and callback gas: the proof names the payee`,
    ],
    ['the thief', `earned ${inEther(thiefEarned)}, and paid ${inEther(thiefPaid)} for gas`],
  ]);
}

/** The transaction as its sender signed it. */
async function rawTransaction({ chain }: LocalMarket, hash: string): Promise<string> {
  return chain.provider.send('eth_getRawTransactionByHash', [hash]);
}

function resultOf({ status, index }: TransactionReceipt): string {
  return `${status === 1 ? 'accepted' : 'reverted'}, place ${index} of the block`;
}

/** The contract’s own error, and what it says about the request. */
function reasonOf({ revert: { name, args } }: RevertError): string {
  const status = Object.entries(RequestStatus).find(([, value]) => value === args.status);
  return status === undefined ? name : `${name}, ${status[0]}`;
}

const ETHER = { symbol: 'ETH', decimals: 18 };
const GWEI = 10n ** 9n;

/** To the gwei. */
function inEther(wei: bigint): string {
  return formatAmount(wei - (wei % GWEI), ETHER);
}

function readProof({ folder }: OfflineProof): { proof: ProofJson; signals: readonly bigint[] } {
  const read = (name: string) => JSON.parse(readFileSync(join(ROOT, folder, name), 'utf8'));
  return { proof: read('proof.json'), signals: read('public.json').map(BigInt) };
}
