/** What all verbs that talk to a chain are told: the endpoint, the contracts, and who signs. */
import { InputError } from '@zkinfer/core';
import {
  CoprocessorClient,
  type Deployment,
  latestDeployment,
  NATIVE_TOKEN,
  type Provider,
  RegistryClient,
  requireCodeHash,
  type Signer,
  VerifierClient,
} from '@zkinfer/verifier-contracts';
import { DeploymentsFile, openProvider, openSigner } from '@zkinfer/verifier-contracts/node';
import { type Command, Option } from 'commander';
import { addressOption } from './address-option.ts';
import { addEndpointOptions, chainIdOption, type EndpointOptions } from './endpoint-options.ts';
import { integerOption } from './option-parsers.ts';
import { promptPassword } from './prompt-password.ts';
import { readText } from './read-file.ts';

/** Options of `addChainOptions`. */
export interface ChainOptions extends EndpointOptions {
  readonly chain?: bigint;
}

/** Options of `addSignerOptions`. */
export interface SignerOptions {
  readonly keystore?: string;
  readonly passwordFile?: string;
  readonly account?: number;
}

/** A chain with everything deployed on it. */
export interface OpenChain {
  readonly provider: Provider;
  readonly chainId: bigint;
  readonly deployment: Deployment;
}

/** The contracts of a chain, called by a signer or, to read, by its provider. */
export interface ChainClients {
  readonly registry: RegistryClient;
  readonly coprocessor: CoprocessorClient;
  readonly verifier: VerifierClient;
}

/** Adds --rpc, --chain and --deployments. */
export function addChainOptions(command: Command): Command {
  return addEndpointOptions(command).option(
    '--chain <id>',
    'refuse another chain than this',
    chainIdOption,
  );
}

/** Adds --keystore, --password-file and --account. */
export function addSignerOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--keystore <file>', 'encrypted key file of who signs').env('ZKINFER_KEYSTORE'),
    )
    .option('--password-file <file>', 'its password (or ZKINFER_PASSWORD, or asked for)')
    .option(
      '--account <n>',
      'a published test account, 0 to 9, on chain 31337 alone',
      integerOption(0, 9),
    );
}

/** Adds --token. */
export function addTokenOption(command: Command): Command {
  return command.addOption(
    new Option('--token <address>', 'currency: an ERC-20 token')
      .argParser(addressOption)
      .default(NATIVE_TOKEN, 'the chain’s own'),
  );
}

/** Help on who signs. */
export const SIGNER_HELP = `
Who signs: --keystore FILE, or a private key in the environment variable ZKINFER_PRIVATE_KEY, or on
\`zkinfer dev\` one of its accounts with --account N. Keys are not taken from the command line.`;

/** The provider of a chain. @throws as `openProvider` */
export async function connectChain({ rpc, chain }: ChainOptions) {
  const provider = await openProvider(rpc, chain === undefined ? {} : { chainId: chain });
  const { chainId } = await provider.getNetwork();
  return { provider, chainId };
}

/**
 * A chain, and what its deployments file says is deployed there; the code is compared.
 * @throws InputError CONTRACTS_NOT_DEPLOYED; IntegrityError CONTRACTS_CODE_*; as `openProvider`
 */
export async function openChain(options: ChainOptions): Promise<OpenChain> {
  const { provider, chainId } = await connectChain(options);
  const deployment = await openDeployment(options, chainId);
  for (const [name, contract] of Object.entries(deployment.contracts)) {
    await requireCodeHash(provider, contract, name);
  }
  return { provider, chainId, deployment };
}

/** The newest deployment that the deployments file names. @throws InputError CONTRACTS_NOT_DEPLOYED */
export async function openDeployment(
  { deployments }: Pick<ChainOptions, 'deployments'>,
  chainId: bigint,
): Promise<Deployment> {
  return latestDeployment(await new DeploymentsFile(deployments, chainId).read());
}

/** The contracts of a deployment. */
export function clientsOf({ contracts }: Deployment, runner: Provider | Signer): ChainClients {
  return {
    registry: new RegistryClient(contracts.ModelRegistry.address, runner),
    coprocessor: new CoprocessorClient(contracts.InferenceCoprocessor.address, runner),
    verifier: new VerifierClient(contracts.Groth16Verifier.address, runner),
  };
}

/**
 * Who signs, as options and environment say.
 * @throws InputError CLI_SIGNER if nobody or several are named; as `openSigner`
 */
export async function signerOf(options: SignerOptions, provider: Provider): Promise<Signer> {
  const { keystore, account } = options;
  const privateKey = process.env.ZKINFER_PRIVATE_KEY;
  const given = [keystore, account, privateKey].filter((source) => source !== undefined);
  if (given.length !== 1) throw signerError(given.length);
  if (account !== undefined) return openSigner({ kind: 'development', index: account }, provider);
  if (privateKey !== undefined) return openSigner({ kind: 'private-key', privateKey }, provider);
  const password = () => passwordOf(options);
  return openSigner({ kind: 'keystore', path: keystore!, password }, provider);
}

async function passwordOf({ passwordFile, keystore }: SignerOptions): Promise<string> {
  if (passwordFile !== undefined) return (await readText(passwordFile)).replace(/\r?\n$/, '');
  return process.env.ZKINFER_PASSWORD ?? promptPassword(`Password of ${keystore}: `);
}

function signerError(given: number): InputError {
  return new InputError({
    code: 'CLI_SIGNER',
    what: given === 0 ? 'nobody is named to sign' : 'several are named to sign',
    expected: 'one of --keystore FILE, ZKINFER_PRIVATE_KEY, --account N (on `zkinfer dev`)',
    hint: 'Environment variables count too.',
  });
}
