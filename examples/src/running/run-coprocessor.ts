/**
 * What the quickstart shows of the coprocessor as a whole: a chain, the contracts, a service with a
 * worker, a contract and a client that ask for ten digits, and a thief.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProofJson } from '@zkinfer/core';
import { type Overview, SERVICE_PATHS } from '@zkinfer/core/service';
import { DEPOSIT, type VaultState } from '../on-chain/asked-vault.ts';
import { inEther, LocalMarket } from '../on-chain/local-market.ts';
import { copyFulfilment, showTheft } from '../on-chain/show-theft.ts';
import { type SignedProof, verificationGas } from '../on-chain/verification-gas.ts';
import { print, printFacts, ROOT } from '../zkinfer-step.ts';
import { type AskedDigits, askForDigits } from './ask-for-digits.ts';
import type { EndInOrder } from './end-in-order.ts';
import { type QuickstartService, startService } from './quickstart-service.ts';
import type { SingleGas } from './show-figures.ts';

/** A proof made before, off chain. */
export interface OfflineProof {
  /** Directory of the model, with keys; below the root folder. */
  readonly compiled: string;
  /** Folder of the proof; below the root folder. */
  readonly folder: string;
}

/** What became of it. */
export interface CoprocessorRun {
  readonly service: QuickstartService;
  /** When all answers were there. */
  readonly overview: Overview;
  readonly gas: SingleGas;
  readonly requests: number;
  /** Ends the service, goes back to before the answers, and lets a thief try. */
  readonly steal: () => Promise<void>;
}

const POLL_MS = 200;

/**
 * Runs from deployment to the opened vault.
 * @param market ends with the run; `services` before that
 * @throws EnvironmentError where there is no anvil, see LocalMarket; FailedStep
 */
export async function runCoprocessor(
  proof: OfflineProof,
  running: { readonly market: EndInOrder; readonly services: EndInOrder },
): Promise<CoprocessorRun> {
  const market = running.market.keep(await LocalMarket.open(proof.compiled));
  const { modelDigest } = readJson(`${proof.compiled}/manifest.json`);
  const service = await startService(market, modelDigest, running.services);
  print(`\nThe dashboard of all that follows: ${service.url}${SERVICE_PATHS.dashboard}`);
  const asked = await ask(market, service, modelDigest);
  const overview = await whenDone(service);
  const { vault } = asked;
  return {
    service,
    overview,
    requests: vault.requestIds.length,
    gas: {
      register: market.registrationGas,
      request: vault.requestGas,
      verify: await verificationGas(market, readProof(proof)),
    },
    steal: async () => {
      await running.services.end();
      showTheft(await copyFulfilment(market, vault.requestIds, asked.snapshot));
    },
  };
}

async function ask(
  market: LocalMarket,
  service: QuickstartService,
  modelDigest: string,
): Promise<AskedDigits> {
  print(`
Ten digits of the MNIST test set. A contract asks for five: a DigitVault, one of the examples, holds ${DEPOSIT} ETH
for whoever shows drawings that the model reads as its code, and knows its password. It asks about commitments
to the drawings, and is called back with each digit. The other five are asked over HTTP by a client, which
hides its inputs likewise, and checks each proof itself.
`);
  const asked = await askForDigits(market, service, modelDigest);
  const before = await asked.vault.state();
  await asked.answered();
  await showOpening(asked, before);
  return asked;
}

/** The chain has the answers a moment before the service has seen that it has. */
async function whenDone(service: QuickstartService): Promise<Overview> {
  for (;;) {
    const overview = await service.overview();
    if (overview.jobs.every(({ status, count }) => status !== 'active' || count === 0)) {
      return overview;
    }
    await sleep(POLL_MS);
  }
}

async function showOpening({ vault }: AskedDigits, before: VaultState): Promise<void> {
  await vault.open();
  const after = await vault.state();
  print('\nThe vault was called back with every digit. Now it opens to the password:\n');
  printFacts([
    ['read', `${after.digits} (before: ${before.digits})`],
    ['holds', `${inEther(after.balance)} (before: ${inEther(before.balance)})`],
  ]);
}

function readProof({ folder }: OfflineProof): SignedProof {
  const proof: ProofJson = readJson(`${folder}/proof.json`);
  return { proof, signals: readJson(`${folder}/public.json`).map(BigInt) };
}

function readJson(path: string) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}
