import { InputError } from '@zkinfer/core';
import {
  type ChainDeployments,
  CONTRACT_NAMES,
  CONTRACTS_VERSION,
  type Deployment,
  type DeployOptions,
  deployAll,
} from '@zkinfer/verifier-contracts';
import { DeploymentsFile } from '@zkinfer/verifier-contracts/node';
import type { Command } from 'commander';
import { addressOption } from '../address-option.ts';
import {
  addChainOptions,
  addSignerOptions,
  type ChainOptions,
  connectChain,
  SIGNER_HELP,
  type SignerOptions,
  signerOf,
} from '../chain-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { integerOption } from '../option-parsers.ts';
import { renderTable } from '../render-table.ts';
import type { RunVerb, Session } from '../session.ts';

interface DeployCommandOptions extends ChainOptions, SignerOptions {
  readonly guardian?: string;
  readonly minDelay?: number;
  readonly proposer?: readonly string[];
  readonly executor?: readonly string[];
  readonly sequencerFeed?: string;
  readonly developmentChain?: readonly number[];
  readonly again?: true;
  readonly restart?: true;
}

const MOST_SECONDS = 10 * 365 * 86_400;

/** Arguments, options and action of `zkinfer deploy`. */
export function defineDeployVerb(command: Command, runVerb: RunVerb): void {
  addSignerOptions(addChainOptions(command))
    .option('--guardian <address>', 'who may freeze at once (default: the signer)', addressOption)
    .option(
      '--min-delay <seconds>',
      'notice that the admin gives (default: 172800, two days)',
      integerOption(0, MOST_SECONDS),
    )
    .option('--proposer <address>', 'may announce for the admin; repeatable', listOf(addressOption))
    .option('--executor <address>', 'may execute in time; repeatable', listOf(addressOption))
    .option('--sequencer-feed <address>', 'Chainlink’s uptime feed of an L2', addressOption)
    .option(
      '--development-chain <id>',
      'chain that admits development keys; repeatable (default: 31337)',
      listOf(integerOption(1, Number.MAX_SAFE_INTEGER)),
    )
    .option('--restart', 'give up an interrupted deployment and begin a new one')
    .option('--again', 'deploy although this version is deployed on the chain')
    .addHelpText('after', `${SIGNER_HELP}\n${HELP}`)
    .action((options: DeployCommandOptions) => runVerb((session) => deploy(session, options)));
}

const HELP = `
Writes deployments/<chain id>.json: addresses, code hashes, constructor arguments. Deployments are appended there, never
replaced. An interrupted deployment goes on where it stopped.

Example:
  npx zkinfer deploy --rpc http://127.0.0.1:8545 --account 0`;

async function deploy(
  { output, progress }: Session,
  options: DeployCommandOptions,
): Promise<ExitCode> {
  const { provider, chainId } = await connectChain(options);
  const file = new DeploymentsFile(options.deployments, chainId);
  const before = await file.read();
  requireNew(before, options);
  const signer = await signerOf(options, provider);
  const unfinished = options.restart ? undefined : before.unfinished;
  if (unfinished !== undefined) output.note('going on with the deployment that was interrupted');
  const deployment = await deployAll(signer, {
    ...deployOptions(options),
    ...(unfinished === undefined ? {} : { unfinished }),
    onStep: async (state, latest) => {
      progress.stage(`deploying ${latest}`);
      await file.putUnfinished(state);
    },
  });
  await file.append(deployment);
  output.result(`${renderDeployment(deployment)}\n\nWrote ${file.path}.`, {
    chainId,
    file: file.path,
    ...deploymentAsJson(deployment),
  });
  return EXIT.done;
}

function deployOptions(options: DeployCommandOptions): DeployOptions {
  const { guardian, minDelay, proposer, executor, sequencerFeed, developmentChain } = options;
  return {
    ...(guardian === undefined ? {} : { guardian }),
    ...(minDelay === undefined ? {} : { minDelaySeconds: BigInt(minDelay) }),
    ...(proposer === undefined ? {} : { proposers: proposer }),
    ...(executor === undefined ? {} : { executors: executor }),
    ...(sequencerFeed === undefined ? {} : { sequencerFeed }),
    ...(developmentChain === undefined ? {} : { developmentChains: developmentChain.map(BigInt) }),
  };
}

/** The contracts of a deployment for people. */
export function renderDeployment({ contracts }: Deployment): string {
  const rows = CONTRACT_NAMES.map((name) => [name, contracts[name].address]);
  return renderTable([{ heading: 'contract' }, { heading: 'address' }], rows);
}

/** A deployment for `--json`. */
export function deploymentAsJson({ zkinfer, deployer, contracts }: Deployment) {
  const entries = CONTRACT_NAMES.map((name) => [name, { ...contracts[name] }] as const);
  return { zkinfer, deployer, contracts: Object.fromEntries(entries) };
}

function requireNew({ deployments }: ChainDeployments, { again, restart }: DeployCommandOptions) {
  const same = deployments.find(({ zkinfer }) => zkinfer === CONTRACTS_VERSION);
  if (same === undefined || again || restart) return;
  throw new InputError({
    code: 'CLI_DEPLOYED',
    what: 'this version is deployed on this chain already',
    got: same.contracts.InferenceCoprocessor.address,
    hint: 'Use it, or deploy another instance with --again.',
  });
}

/** Collects the values of an option that may be given several times. */
function listOf<T>(parse: (text: string) => T): (text: string, before?: readonly T[]) => T[] {
  return (text, before = []) => [...before, parse(text)];
}
