/** Deploys everything that requests need, in an order in which each contract knows those before. */
import { InputError } from '@zkinfer/core';
import { getAddress, type Signer, ZeroAddress } from 'ethers';
import type { ContractArtifact } from '../contract-artifact.ts';
import { onChain } from '../errors/translate-error.ts';
import { Groth16Verifier } from '../generated/groth16-verifier.ts';
import { InferenceCoprocessor } from '../generated/inference-coprocessor.ts';
import { ModelRegistry } from '../generated/model-registry.ts';
import { Poseidon } from '../generated/poseidon.ts';
import { TimelockController } from '../generated/timelock-controller.ts';
import { CONTRACTS_VERSION } from '../generated/version.ts';
import { requireCodeHash } from './code-check.ts';
import { confirmContract, encodeArguments, sendContract } from './deploy-contract.ts';
import {
  type ContractName,
  type DeployedContract,
  type Deployment,
  isDeployed,
  type SentContract,
  type UnfinishedDeployment,
} from './deployment-record.ts';

/** Who may do what, and what the contracts are told about their chain. */
export interface DeployOptions {
  /** May stop new requests and freeze models at once. The deployer by default. */
  readonly guardian?: string;
  /** Seconds between the announcement and the execution of what the admin does; 2 days by default. */
  readonly minDelaySeconds?: bigint;
  /** Who may announce; the deployer by default. */
  readonly proposers?: readonly string[];
  /** Who may execute what was announced in time; the proposers by default. The zero address: anyone. */
  readonly executors?: readonly string[];
  /** Chains that admit models with a development key: 31337 by default, which no live chain is. */
  readonly developmentChains?: readonly bigint[];
  /** Chainlink's sequencer-uptime feed, on chains that have one; none by default. */
  readonly sequencerFeed?: string;
  /** What an interrupted deployment left; its contracts are used where they are found. */
  readonly unfinished?: UnfinishedDeployment;
  /** Told after each step what there is so far; awaited. */
  readonly onStep?: (unfinished: UnfinishedDeployment, latest: ContractName) => unknown;
}

const TWO_DAYS = 172_800n;

/** Of anvil and Hardhat. */
const LOCAL_CHAINS = [31337n];

/**
 * Deploys TimelockController (the admin), Poseidon, Groth16Verifier, ModelRegistry and
 * InferenceCoprocessor, and checks the code of each.
 * @param signer connected to the chain
 * @throws InputError CONTRACTS_RESUME_DIFFERS if `unfinished` was begun with other options; as
 *   `confirmContract`
 */
export async function deployAll(signer: Signer, options: DeployOptions = {}): Promise<Deployment> {
  const deployer = await signer.getAddress();
  const steps = new DeploymentSteps(signer, deployer, options);
  const { minDelaySeconds = TWO_DAYS, guardian = deployer, proposers = [deployer] } = options;
  const { executors = proposers, developmentChains = LOCAL_CHAINS } = options;
  const timelock = await steps.take('TimelockController', TimelockController, [
    ...([minDelaySeconds, proposers, executors, ZeroAddress] as const),
  ]);
  const poseidon = await steps.take('Poseidon', Poseidon, []);
  const verifier = await steps.take('Groth16Verifier', Groth16Verifier, []);
  const registry = await steps.take('ModelRegistry', ModelRegistry, [
    ...([verifier.address, developmentChains, timelock.address, guardian] as const),
  ]);
  const feed = options.sequencerFeed ?? ZeroAddress;
  const coprocessor = await steps.take('InferenceCoprocessor', InferenceCoprocessor, [
    ...([registry.address, verifier.address, poseidon.address, feed] as const),
    ...([timelock.address, guardian] as const),
  ]);
  return {
    zkinfer: CONTRACTS_VERSION,
    deployer,
    contracts: {
      TimelockController: timelock,
      Poseidon: poseidon,
      Groth16Verifier: verifier,
      ModelRegistry: registry,
      InferenceCoprocessor: coprocessor,
    },
  };
}

/** Takes the steps one after the other, over those that an earlier run has taken. */
class DeploymentSteps {
  readonly #signer: Signer;
  readonly #options: DeployOptions;
  #state: UnfinishedDeployment;

  constructor(signer: Signer, deployer: string, options: DeployOptions) {
    const { unfinished } = options;
    if (unfinished !== undefined && unfinished.zkinfer !== CONTRACTS_VERSION) {
      throw resumeDiffers('version of zkinfer', unfinished.zkinfer, CONTRACTS_VERSION);
    }
    if (unfinished !== undefined && getAddress(unfinished.deployer) !== getAddress(deployer)) {
      throw resumeDiffers('deployer', deployer, unfinished.deployer);
    }
    this.#signer = signer;
    this.#options = options;
    this.#state = unfinished ?? { zkinfer: CONTRACTS_VERSION, deployer, contracts: {} };
  }

  async take<Arguments extends readonly unknown[]>(
    name: ContractName,
    artifact: ContractArtifact<unknown, unknown, Arguments>,
    args: NoInfer<Arguments>,
  ): Promise<DeployedContract> {
    const provider = this.#signer.provider!;
    const encoded = encodeArguments(artifact, args);
    const before = this.#state.contracts[name];
    if (before !== undefined && before.constructorArguments !== encoded) {
      throw resumeDiffers(`arguments of ${name}`, encoded, before.constructorArguments);
    }
    if (before !== undefined && isDeployed(before)) {
      await requireCodeHash(provider, before, name);
      return before;
    }
    const sent = (await this.#stillThere(before)) ?? (await this.#send(name, artifact, encoded));
    const deployed = await confirmContract(artifact, sent, provider);
    await this.#note(name, deployed);
    return deployed;
  }

  async #send(name: ContractName, artifact: ContractArtifact, encoded: string) {
    const sent = await sendContract(artifact, this.#signer, encoded);
    await this.#note(name, sent);
    return sent;
  }

  /** A sent contract whose transaction the node knows; one that was dropped is sent again. */
  async #stillThere(sent: SentContract | undefined): Promise<SentContract | undefined> {
    if (sent === undefined) return undefined;
    const provider = this.#signer.provider!;
    const known = await onChain(() => provider.getTransaction(sent.transactionHash));
    return known === null ? undefined : sent;
  }

  async #note(name: ContractName, contract: SentContract | DeployedContract): Promise<void> {
    this.#state = { ...this.#state, contracts: { ...this.#state.contracts, [name]: contract } };
    await this.#options.onStep?.(this.#state, name);
  }
}

function resumeDiffers(what: string, got: string, expected: string): InputError {
  return new InputError({
    code: 'CONTRACTS_RESUME_DIFFERS',
    what: `the interrupted deployment was begun with another ${what}`,
    got,
    expected,
    hint: 'Use the same options, or begin a new deployment.',
  });
}
