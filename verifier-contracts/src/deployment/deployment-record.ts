/**
 * `deployments/<chainId>.json`: what was deployed on a chain, the newest last. Deployments are
 * appended, never changed: the contracts are immutable, and old requests live in old ones.
 */
import {
  type CanonicalValue,
  canonicalJson,
  InputError,
  jsonShapeError,
  parseJson,
  readArray,
  readConstant,
  readInteger,
  readObject,
  readString,
} from '@zkinfer/core';

/** The contracts of a deployment, in the order in which they are deployed. */
export const CONTRACT_NAMES = [
  'TimelockController',
  'Poseidon',
  'Groth16Verifier',
  'ModelRegistry',
  'InferenceCoprocessor',
] as const;

/** A contract of a deployment. */
export type ContractName = (typeof CONTRACT_NAMES)[number];

/** A contract whose transaction was sent. */
export interface SentContract {
  readonly address: string;
  readonly transactionHash: string;
  /** The constructor's arguments, ABI-encoded, 0x text. */
  readonly constructorArguments: string;
}

/** A contract that is on the chain, its code checked. */
export interface DeployedContract extends SentContract {
  readonly blockNumber: number;
  /** keccak256 of the deployed code. */
  readonly codeHash: string;
}

/** A finished deployment. */
export interface Deployment {
  /** Version of zkinfer whose contracts these are. */
  readonly zkinfer: string;
  readonly deployer: string;
  readonly contracts: Readonly<Record<ContractName, DeployedContract>>;
}

/** A deployment that was interrupted; contracts without a block may or may not be on the chain. */
export interface UnfinishedDeployment {
  readonly zkinfer: string;
  readonly deployer: string;
  readonly contracts: Readonly<Partial<Record<ContractName, SentContract | DeployedContract>>>;
}

/** The contents of a deployments file. */
export interface ChainDeployments {
  readonly chainId: bigint;
  /** Newest last. */
  readonly deployments: readonly Deployment[];
  readonly unfinished?: UnfinishedDeployment;
}

const FORMAT = 'zkinfer-deployments';

/** Deterministic text of a deployments file. */
export function encodeDeployments({ chainId, deployments, unfinished }: ChainDeployments): string {
  return canonicalJson({
    format: FORMAT,
    version: 1,
    chainId: chainId.toString(),
    deployments: deployments.map(({ contracts, ...rest }) => ({
      ...rest,
      contracts: inOrder(contracts),
    })),
    ...(unfinished === undefined
      ? {}
      : { unfinished: { ...unfinished, contracts: inOrder(unfinished.contracts) } }),
  });
}

/**
 * Reads a deployments file, strictly.
 * @throws InputError CORE_JSON_SYNTAX, CORE_JSON_SHAPE
 */
export function decodeDeployments(text: string): ChainDeployments {
  const path = 'deployments';
  const keys = ['format', 'version', 'chainId', 'deployments'] as const;
  const object = readObject(parseJson(text, path), path, keys, ['unfinished']);
  readConstant(object.format, `${path}.format`, FORMAT);
  readConstant(object.version, `${path}.version`, 1);
  const deployments = readArray(object.deployments, `${path}.deployments`);
  return {
    chainId: BigInt(readPattern(object.chainId, `${path}.chainId`, /^[1-9]\d{0,77}$/)),
    deployments: deployments.map((item, i) => readDeployment(item, `${path}.deployments[${i}]`)),
    ...(object.unfinished === undefined
      ? {}
      : { unfinished: readUnfinished(object.unfinished, `${path}.unfinished`) }),
  };
}

/** The newest finished deployment. @throws InputError CONTRACTS_NOT_DEPLOYED */
export function latestDeployment({ chainId, deployments }: ChainDeployments): Deployment {
  const latest = deployments.at(-1);
  if (latest !== undefined) return latest;
  throw new InputError({
    code: 'CONTRACTS_NOT_DEPLOYED',
    what: `no finished deployment is known on chain ${chainId}`,
    expected: `a deployments file, ${chainId}.json`,
    hint: 'It lies where `zkinfer dev` or `zkinfer deploy` ran (--deployments). Or run `zkinfer deploy`.',
  });
}

function readDeployment(value: unknown, path: string): Deployment {
  const object = readObject(value, path, ['zkinfer', 'deployer', 'contracts']);
  const contracts = readObject(object.contracts, `${path}.contracts`, CONTRACT_NAMES);
  const entries = CONTRACT_NAMES.map((name) => {
    const contract = readContract(contracts[name], `${path}.contracts.${name}`);
    if (isDeployed(contract)) return [name, contract];
    throw jsonShapeError(`${path}.contracts.${name}`, 'an unfinished contract', 'its code hash');
  });
  return { ...readOrigin(object, path), contracts: Object.fromEntries(entries) };
}

function readUnfinished(value: unknown, path: string): UnfinishedDeployment {
  const object = readObject(value, path, ['zkinfer', 'deployer', 'contracts']);
  const contracts = readObject(object.contracts, `${path}.contracts`, [], CONTRACT_NAMES);
  const entries = CONTRACT_NAMES.filter((name) => contracts[name] !== undefined).map((name) => [
    name,
    readContract(contracts[name], `${path}.contracts.${name}`),
  ]);
  return { ...readOrigin(object, path), contracts: Object.fromEntries(entries) };
}

function readOrigin(object: { zkinfer: unknown; deployer: unknown }, path: string) {
  return {
    zkinfer: readString(object.zkinfer, `${path}.zkinfer`),
    deployer: readAddress(object.deployer, `${path}.deployer`),
  };
}

function readContract(value: unknown, path: string): SentContract | DeployedContract {
  const required = ['address', 'transactionHash', 'constructorArguments'] as const;
  const object = readObject(value, path, required, ['blockNumber', 'codeHash']);
  const sent = {
    address: readAddress(object.address, `${path}.address`),
    transactionHash: readHash(object.transactionHash, `${path}.transactionHash`),
    constructorArguments: readPattern(
      object.constructorArguments,
      `${path}.constructorArguments`,
      /^0x([0-9a-f]{64})*$/,
    ),
  };
  if (object.blockNumber === undefined && object.codeHash === undefined) return sent;
  return {
    ...sent,
    blockNumber: readInteger(object.blockNumber, `${path}.blockNumber`),
    codeHash: readHash(object.codeHash, `${path}.codeHash`),
  };
}

/** Whether the contract is on the chain, its code checked. */
export function isDeployed(
  contract: SentContract | DeployedContract,
): contract is DeployedContract {
  return 'codeHash' in contract;
}

function readAddress(value: unknown, path: string): string {
  return readPattern(value, path, /^0x[0-9a-fA-F]{40}$/);
}

function readHash(value: unknown, path: string): string {
  return readPattern(value, path, /^0x[0-9a-f]{64}$/);
}

function readPattern(value: unknown, path: string, pattern: RegExp): string {
  const text = readString(value, path);
  if (pattern.test(text)) return text;
  throw jsonShapeError(path, 'another text', String(pattern));
}

/** Contracts in the order of their deployment. */
function inOrder(contracts: UnfinishedDeployment['contracts']): Record<string, CanonicalValue> {
  const entries = CONTRACT_NAMES.flatMap((name) => {
    const contract = contracts[name];
    return contract === undefined ? [] : [[name, { ...contract }] as const];
  });
  return Object.fromEntries(entries);
}
