/** Solidity for tests, compiled with npm's `solc`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { InterfaceAbi } from 'ethers';
import type { ContractArtifact, ImmutableReference } from '../contract-artifact.ts';

interface SolcOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<string, Record<string, CompiledContract>>;
}

interface CompiledContract {
  readonly abi: InterfaceAbi;
  readonly evm: { bytecode: { object: string }; deployedBytecode: DeployedBytecode };
}

interface DeployedBytecode {
  readonly object: string;
  /** By the variable's number in the syntax tree. */
  readonly immutableReferences: Readonly<Record<string, readonly ImmutableReference[]>>;
}

const WORKSPACE = new URL('../../', import.meta.url);

/**
 * Compiles a source as other projects would, warnings refused.
 * @param name what the source is called: its relative imports are found from there
 * @returns its own contracts by name
 * @throws Error with the compiler's messages
 */
export function compileSolidity(
  source: string,
  name = 'source.sol',
): Record<string, ContractArtifact> {
  const solc = createRequire(import.meta.url)('solc');
  const input = {
    language: 'Solidity',
    sources: { [name]: { content: source } },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode', 'evm.deployedBytecode'] } },
    },
  };
  const imports = { import: (path: string) => ({ contents: workspaceSource(path) }) };
  const result: SolcOutput = JSON.parse(solc.compile(JSON.stringify(input), imports));
  const { errors = [], contracts } = result;
  if (errors.length > 0) {
    throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  }
  return Object.fromEntries(
    Object.entries(contracts[name]!).map(([contract, { abi, evm }]) => {
      const bytecode = `0x${evm.bytecode.object}`;
      const runtimeCode = `0x${evm.deployedBytecode.object}`;
      const immutables = Object.values(evm.deployedBytecode.immutableReferences).flat();
      return [contract, { name: contract, abi, bytecode, runtimeCode, immutables }];
    }),
  );
}

/** Compiles a file of this workspace, such as one of the Solidity tests' helpers. */
export function compileWorkspaceFile(path: string): Record<string, ContractArtifact> {
  return compileSolidity(workspaceSource(path), path);
}

/** A source by its path in this workspace, or in a package. */
function workspaceSource(path: string): string {
  const { resolve } = createRequire(import.meta.url);
  const file = path.startsWith('@') ? resolve(path) : fileURLToPath(new URL(path, WORKSPACE));
  return readFileSync(file, 'utf8');
}
