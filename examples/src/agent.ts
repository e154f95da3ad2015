/**
 * What `npm run agent -w examples` runs: an agent with a spending limit looks at drawings, has a
 * service's model read them, and opens vaults on proved answers alone. Chain, service and worker
 * run on this machine; the agent trusts neither of them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCompiledModel } from '@zkinfer/circuits';
import {
  ChainClient,
  type JobUpdate,
  type Model,
  prepareInput,
  type ServiceClient,
} from '@zkinfer/client';
import { modelPin } from '@zkinfer/core/service';
import { describeModel } from '@zkinfer/queue';
import { formatAmount, parseAmount } from '@zkinfer/verifier-contracts';
import { decode } from 'fast-png';
import { SpendingLimit } from './agent/spending-limit.ts';
import { type Deed, type Sighting, visit } from './agent/vault-agent.ts';
import { drawPicture } from './draw-picture.ts';
import { AskedVault, mostCost } from './on-chain/asked-vault.ts';
import { ACCOUNT, CHAIN_FOLDER, LocalMarket } from './on-chain/local-market.ts';
import { LocalService } from './on-chain/local-service.ts';
import { FailedStep, print, printFacts, ROOT, zkinfer } from './zkinfer-step.ts';

const MODEL = 'examples/models/mnist-mlp';
const MODELS = 'artifacts/agent';
const COMPILED = `${MODELS}/mnist-mlp`;
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

/** What the agent moves in. */
interface World {
  readonly market: LocalMarket;
  readonly service: ServiceClient;
  readonly chain: ChainClient;
  readonly model: Model;
}

async function main(): Promise<number> {
  try {
    await compile();
    await using market = await LocalMarket.open(COMPILED);
    await using service = await LocalService.start(market, MODELS);
    await walk(await worldOf(market, service.client));
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

/** The pin is that of the agent's own directory: no service can give it another model. */
async function worldOf(market: LocalMarket, service: ServiceClient): Promise<World> {
  const own = await describeModel(await openCompiledModel(join(ROOT, COMPILED)));
  const model = await service.model(own.modelDigest, { pin: modelPin(own) });
  const { deployment } = market;
  const runner = market.signer(ACCOUNT.opener);
  const chain = new ChainClient({ runner, deployment, service, pollMs: 250 });
  return { market, service, model, chain };
}

async function walk(world: World): Promise<void> {
  showLimits(world.model);
  for (const { picture, wanted } of WAY) {
    // Opened anew for each vault, as after a restart.
    const limit = await SpendingLimit.open(join(ROOT, CHAIN_FOLDER, 'spending.json'), ALLOWANCE);
    const pixels = look(picture, wanted);
    const deed = await visit(await sightingOf(world, pixels, wanted), limit);
    showDeed(wanted, deed, limit);
  }
}

async function sightingOf(
  { market, service, chain, model }: World,
  pixels: Uint8Array,
  wanted: number,
): Promise<Sighting> {
  const { envelope, inputHash } = prepareInput(model, pixels);
  let vault: AskedVault | undefined;
  return {
    wanted,
    cost: await mostCost(market),
    ask: async () => {
      const { uri } = await service.storeEnvelope(envelope, inputHash);
      vault = await AskedVault.ask(market, [wanted], [{ inputHash, uri }]);
      return chain.job(vault.requestIds[0]!, { model, inputSalt: envelope.inputSalt });
    },
    follow: showUpdate,
    open: () => vault!.open(),
  };
}

function look(picture: string, wanted: number): Uint8Array {
  const { width, height, data } = decode(readFileSync(join(ROOT, MODEL, picture)));
  const pixels = Uint8Array.from(data);
  const colours = process.stdout.isTTY && !process.env.NO_COLOR;
  const lines = drawPicture({ width, height, data: pixels }, colours);
  print(`\nA vault that opens on ${wanted}, and a drawing:\n`);
  print(lines.map((line) => `  ${line}`).join('\n'));
  return pixels;
}

function showLimits({ pin }: Model): void {
  print('\nThe agent. It knows its model by a pin, and what it may spend:\n');
  printFacts([
    ['model', pin],
    ['for a reading', formatAmount(ALLOWANCE.perRequest, ETHER)],
    ['in all', formatAmount(ALLOWANCE.total, ETHER)],
  ]);
}

function showUpdate({ status, stage, progress }: JobUpdate): void {
  const share = progress === null ? '' : `, ${(100 * progress.done).toFixed(0)} %`;
  print(`  … ${status === 'active' ? `${stage ?? 'asked on chain'}${share}` : status}`);
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
