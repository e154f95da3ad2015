import { rm } from 'node:fs/promises';
import { EnvironmentError } from '@zkinfer/core';
import {
  CONTRACTS_VERSION,
  deployAll,
  formatAmount,
  NATIVE_TOKEN,
  tokenUnits,
} from '@zkinfer/verifier-contracts';
import {
  DEVELOPMENT_ACCOUNTS,
  DEVELOPMENT_CHAIN_ID,
  DeploymentsFile,
  LocalChain,
} from '@zkinfer/verifier-contracts/node';
import type { Command } from 'commander';
import { DEPLOYMENTS_FOLDER } from '../endpoint-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { integerOption } from '../option-parsers.ts';
import { renderFacts } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';
import { stopSignal } from '../stop-signal.ts';
import { deploymentAsJson, renderDeployment } from './deploy.ts';

interface DevCommandOptions {
  readonly port: number;
  readonly blockTime?: number;
  readonly deployments: string;
}

/** Arguments, options and action of `zkinfer dev`. */
export function defineDevVerb(command: Command, runVerb: RunVerb): void {
  command
    .option('--port <n>', 'where it listens; 0 takes a free port', integerOption(0, 65_535), 8545)
    .option('--block-time <seconds>', 'mine in this rhythm, not at once', integerOption(1, 3600))
    .option('--deployments <dir>', 'where 31337.json is written meanwhile', DEPLOYMENTS_FOLDER)
    .addHelpText('after', HELP)
    .action((options: DevCommandOptions) => runVerb((session) => dev(session, options)));
}

const HELP = `
Everybody knows the keys of the accounts: never send anything of value to them. The chain is forgotten in the end,
and its deployments file deleted.

Example:
  npx zkinfer dev
  npx zkinfer register artifacts/iris-mlp --price 0.01 --account 0        in another terminal`;

/** The notice of the admin on a chain where nobody needs it. */
const NO_DELAY = 0n;

async function dev({ output, progress }: Session, options: DevCommandOptions): Promise<ExitCode> {
  progress.stage('starting a chain');
  await using chain = await LocalChain.start({
    port: options.port,
    ...(options.blockTime === undefined ? {} : { blockTimeSeconds: options.blockTime }),
  });
  const stopped = stopSignal();
  const file = new DeploymentsFile(options.deployments, BigInt(DEVELOPMENT_CHAIN_ID));
  // What the file says is about a chain that is gone: of local chains alone nothing is kept.
  await rm(file.path, { force: true });
  const deployment = await deployAll(chain.signer(0), { minDelaySeconds: NO_DELAY });
  await file.append(deployment);
  progress.stop();
  const accounts = await accountsOf(chain);
  const text = [
    `${chain.url}, chain ${DEVELOPMENT_CHAIN_ID}, contracts of zkinfer ${CONTRACTS_VERSION}`,
    '',
    renderDeployment(deployment),
    '',
    renderFacts(
      accounts.map(({ address, balance }, i) => [`--account ${i}`, `${address}  ${balance}`]),
    ),
    '',
    'Ctrl-C stops the chain.',
  ].join('\n');
  output.result(text, {
    url: chain.url,
    chainId: DEVELOPMENT_CHAIN_ID,
    file: file.path,
    accounts: accounts.map(({ address }) => address),
    ...deploymentAsJson(deployment),
  });
  try {
    await Promise.race([stopped, chain.ended.then(refuseEnd)]);
  } finally {
    await rm(file.path, { force: true });
  }
  return EXIT.done;
}

/** A chain that ends before it is asked to. */
function refuseEnd(): never {
  throw new EnvironmentError({
    code: 'CLI_CHAIN_ENDED',
    what: 'the local chain has ended, and nobody asked it to',
    hint: 'Did something stop the process `anvil`, or did memory run out? Start it again.',
  });
}

async function accountsOf(chain: LocalChain) {
  const { provider } = chain;
  const units = await tokenUnits(NATIVE_TOKEN, provider);
  const indices = Array.from({ length: DEVELOPMENT_ACCOUNTS }, (_, i) => i);
  return Promise.all(
    indices.map(async (i) => {
      const address = await chain.signer(i).getAddress();
      return { address, balance: formatAmount(await provider.getBalance(address), units) };
    }),
  );
}
