/** A chain of the quickstart's own, with all contracts deployed and the model registered. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  CoprocessorClient,
  type Deployment,
  formatAmount,
  latestDeployment,
  RegistryClient,
  type Signer,
  VerifierClient,
} from '@zkinfer/verifier-contracts';
import {
  DEVELOPMENT_CHAIN_ID,
  DeploymentsFile,
  LocalChain,
} from '@zkinfer/verifier-contracts/node';
import { print, ROOT, zkinfer } from '../zkinfer-step.ts';

/** Who has which of anvil's accounts. */
export const ACCOUNT = { owner: 0, depositor: 1, opener: 2, worker: 3, thief: 4 } as const;

/** What one use of the model costs, in ETH. */
export const MODEL_PRICE = '0.01';

/** Holds the deployments file and the service’s data while the chain runs; below the root folder. */
export const CHAIN_FOLDER = 'artifacts/quickstart-chain';

/** What the chain begins with. */
interface Furnished {
  readonly deployment: Deployment;
  readonly modelId: string;
  /** Of the registration. */
  readonly registrationGas: bigint;
}

/** The chain and its contracts, as an account calls them. */
export class LocalMarket implements AsyncDisposable {
  readonly chain: LocalChain;
  readonly modelId: string;
  readonly registrationGas: bigint;
  readonly deployment: Deployment;

  private constructor(chain: LocalChain, { deployment, modelId, registrationGas }: Furnished) {
    this.chain = chain;
    this.modelId = modelId;
    this.registrationGas = registrationGas;
    this.deployment = deployment;
  }

  /**
   * Starts the chain; deploys and registers by commands that are shown.
   * @param compiled directory of the model, with keys
   * @throws EnvironmentError CONTRACTS_FOUNDRY_PLATFORM, CONTRACTS_FOUNDRY_MISSING,
   *   CONTRACTS_LOCAL_CHAIN_FAILED; FailedStep
   */
  static async open(compiled: string): Promise<LocalMarket> {
    const chain = await LocalChain.start();
    try {
      return new LocalMarket(chain, await furnish(chain, compiled));
    } catch (error) {
      await closeChain(chain);
      throw error;
    }
  }

  /** One of `ACCOUNT`. */
  signer(account: number): Signer {
    return this.chain.signer(account);
  }

  /** The coprocessor, called by one of `ACCOUNT`. */
  coprocessor(account: number): CoprocessorClient {
    const { address } = this.deployment.contracts.InferenceCoprocessor;
    return new CoprocessorClient(address, this.signer(account));
  }

  /** The verifier, called by one of `ACCOUNT`. */
  verifier(account: number): VerifierClient {
    const { address } = this.deployment.contracts.Groth16Verifier;
    return new VerifierClient(address, this.signer(account));
  }

  /** The registry, to read. */
  get registry(): RegistryClient {
    return registryOf(this.chain, this.deployment);
  }

  /** Ends the chain, and deletes what was written beside it. */
  [Symbol.asyncDispose](): Promise<void> {
    return closeChain(this.chain);
  }
}

async function furnish(chain: LocalChain, compiled: string): Promise<Furnished> {
  const folder = join(ROOT, CHAIN_FOLDER);
  // A run that was killed may have left a file about a chain that is gone.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  useChain(chain.url);
  const signed = (account: number) => [
    ...['--account', String(account), '--deployments', CHAIN_FOLDER],
  ];
  await zkinfer('deploy', ...signed(ACCOUNT.owner));
  await zkinfer('register', compiled, '--price', MODEL_PRICE, ...signed(ACCOUNT.owner));
  const file = new DeploymentsFile(folder, BigInt(DEVELOPMENT_CHAIN_ID));
  const deployment = latestDeployment(await file.read());
  const [registered] = await registryOf(chain, deployment).events('ModelRegistered');
  const receipt = await chain.provider.getTransactionReceipt(registered!.transactionHash);
  return {
    deployment,
    modelId: registered!.args.modelId,
    registrationGas: receipt!.gasUsed,
  };
}

/** The environment of the commands: this chain, and no key of the reader's own. */
function useChain(url: string): void {
  print('\nNow on chain: a local one, anvil, which is gone when this ends.');
  print(`\n$ export ZKINFER_RPC=${url}`);
  process.env.ZKINFER_RPC = url;
  delete process.env.ZKINFER_PRIVATE_KEY;
  delete process.env.ZKINFER_KEYSTORE;
}

function registryOf({ provider }: LocalChain, { contracts }: Deployment): RegistryClient {
  return new RegistryClient(contracts.ModelRegistry.address, provider);
}

async function closeChain(chain: LocalChain): Promise<void> {
  await chain.stop();
  rmSync(join(ROOT, CHAIN_FOLDER), { recursive: true, force: true });
}

const ETHER = { symbol: 'ETH', decimals: 18 };
const GWEI = 10n ** 9n;

/** To the gwei. */
export function inEther(wei: bigint): string {
  return formatAmount(wei - (wei % GWEI), ETHER);
}
