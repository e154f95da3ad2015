/** Solidity given as text, compiled with npm's `solc` as other projects would. */
import { createRequire } from 'node:module';
import type { InterfaceAbi } from 'ethers';
import type { ContractArtifact } from '../contract-artifact.ts';

interface SolcOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<string, Record<string, CompiledContract>>;
}

interface CompiledContract {
  readonly abi: InterfaceAbi;
  readonly evm: { bytecode: { object: string }; deployedBytecode: { object: string } };
}

/**
 * Compiles one source without imports, optimised, warnings refused.
 * @returns its contracts by name
 * @throws Error with the compiler's messages
 */
export function compileSolidity(source: string): Record<string, ContractArtifact> {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string };
  const input = {
    language: 'Solidity',
    sources: { 'source.sol': { content: source } },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode', 'evm.deployedBytecode'] } },
    },
  };
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput;
  if (errors.length > 0) {
    throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  }
  const compiled = Object.entries(contracts['source.sol']!).map(([name, { abi, evm }]) => {
    const bytecode = `0x${evm.bytecode.object}`;
    const runtimeCode = `0x${evm.deployedBytecode.object}`;
    return [name, { name, abi, bytecode, runtimeCode, immutables: [] }];
  });
  return Object.fromEntries(compiled) as Record<string, ContractArtifact>;
}
