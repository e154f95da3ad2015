/**
 * What `npm run agent -w examples` runs: an agent with a spending limit looks at drawings, has a
 * model read them on a chain of its own, and opens vaults on proved answers alone.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCompiledModel } from '@zkinfer/circuits';
import {
  ChainClient,
  type Model,
  openModel,
  type PreparedInput,
  prepareInput,
} from '@zkinfer/client';
import { encodeEnvelope } from '@zkinfer/core';
import { modelPin } from '@zkinfer/core/service';
import { describeModel } from '@zkinfer/queue';
import { formatAmount, parseAmount } from '@zkinfer/verifier-contracts';
import { decode } from 'fast-png';
import { SpendingLimit } from './agent/spending-limit.ts';
import { type Deed, type Sighting, visit } from './agent/vault-agent.ts';
import { drawPicture } from './draw-picture.ts';
import { AskedVault, mostCost } from './on-chain/asked-vault.ts';
import { ACCOUNT, CHAIN_FOLDER, LocalMarket } from './on-chain/local-market.ts';
import { FailedStep, print, printFacts, ROOT, zkinfer } from './zkinfer-step.ts';

const MODEL = 'examples/models/mnist-mlp';
const COMPILED = 'artifacts/mnist-mlp-argmax';
const ETHER = { symbol: 'ETH', decimals: 18 };

/** Drawings as the agent comes upon them, and the digit that opens the vault behind each. */
const WAY = [
  { picture: 'digit-7.png', wanted: 7 },
  { picture: 'digit-4.png', wanted: 9 },
  { picture: 'digit-2.png', wanted: 2 },
] as const;

/** Enough for two readings. */
const ALLOWANCE = {
  perRequest: parseAmount('0.015', ETHER),
  total: parseAmount('0.03', ETHER),
};

async function main(): Promise<number> {
  try {
    await compile();
    await using market = await LocalMarket.open(COMPILED);
    const model = await ownModel();
    showLimits(model);
    await walk(market, model);
    return 0;
  } catch (error) {
    if (!(error instanceof FailedStep)) throw error;
    return error.exitCode;
  }
}

async function compile(): Promise<void> {
  const image = ['--image-scale', '1/255', '--labels', '0,1,2,3,4,5,6,7,8,9'];
  await zkinfer('compile', MODEL, ...image, '--output', 'argmax', '--out', COMPILED);
  await zkinfer('setup', COMPILED, '--development');
}

/** From the agent's own directory: no service is believed. */
async function ownModel(): Promise<Model> {
  const description = await describeModel(await openCompiledModel(join(ROOT, COMPILED)));
  return openModel(description, { pin: modelPin(description) });
}

async function walk(market: LocalMarket, model: Model): Promise<void> {
  const record = join(ROOT, CHAIN_FOLDER, 'spending.json');
  mkdirSync(join(ROOT, CHAIN_FOLDER), { recursive: true });
  for (const { picture, wanted } of WAY) {
    // Opened anew for each vault, as after a restart.
    const limit = await SpendingLimit.open(record, ALLOWANCE);
    const seen = await sightingOf(market, model, { picture, wanted });
    showDeed(wanted, await visit(seen, limit), await SpendingLimit.open(record, ALLOWANCE));
  }
}

async function sightingOf(
  market: LocalMarket,
  model: Model,
  { picture, wanted }: { readonly picture: string; readonly wanted: number },
): Promise<Sighting> {
  const { width, height, data } = decode(readFileSync(join(ROOT, MODEL, picture)));
  const pixels = Uint8Array.from(data);
  const colours = process.stdout.isTTY && !process.env.NO_COLOR;
  print(`\nA vault that opens on ${wanted}, and a drawing:\n`);
  print(
    drawPicture({ width, height, data: pixels }, colours)
      .map((line) => `  ${line}`)
      .join('\n'),
  );
  const prepared = prepareInput(model, pixels);
  let vault: AskedVault | undefined;
  return {
    wanted,
    cost: await mostCost(market),
    ask: async () => {
      const uri = writeEnvelope(prepared);
      vault = await AskedVault.ask(market, wanted, { inputHash: prepared.inputHash, uri });
      const job = await clientOf(market).job(vault.requestId, {
        model,
        inputSalt: prepared.envelope.inputSalt,
      });
      await work(vault, uri);
      return job;
    },
    open: () => vault!.open(),
  };
}

function clientOf({ chain, deployment }: LocalMarket): ChainClient {
  return new ChainClient({ runner: chain.signer(ACCOUNT.opener), deployment, pollMs: 100 });
}

/** For the worker alone: whoever has it can see the drawing. */
function writeEnvelope({ envelope, inputHash }: PreparedInput): string {
  const path = `${CHAIN_FOLDER}/${inputHash}.json`;
  writeFileSync(join(ROOT, path), encodeEnvelope(envelope), { mode: 0o600 });
  return path;
}

/** A worker, somewhere: it is paid by the contract, the agent never meets it. */
async function work({ requestId }: AskedVault, envelope: string): Promise<void> {
  const signer = ['--account', String(ACCOUNT.worker), '--deployments', CHAIN_FOLDER];
  await zkinfer('fulfill', requestId, COMPILED, '--envelope', envelope, ...signer);
}

function showLimits({ pin }: Model): void {
  print('\nThe agent. It knows its model by a pin, and what it may spend:\n');
  printFacts([
    ['model', pin],
    ['for a reading', formatAmount(ALLOWANCE.perRequest, ETHER)],
    ['in all', formatAmount(ALLOWANCE.total, ETHER)],
  ]);
}

function showDeed(wanted: number, deed: Deed, { spent }: SpendingLimit): void {
  const facts: (readonly [string, string])[] =
    deed.kind === 'refused'
      ? [['did', `nothing: ${deed.code}`]]
      : [
          ['read, proved', String(deed.read)],
          ['did', deed.kind === 'opened' ? 'opened the vault' : `left it: it wants a ${wanted}`],
        ];
  print('\nThe agent\n');
  printFacts([...facts, ['spent so far', formatAmount(spent, ETHER)]]);
}

process.exitCode = await main();
