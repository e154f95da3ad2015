/**
 * Compiles the contracts and writes what the TypeScript sources and other tools take from them:
 * typed bindings to src/generated/, and ABI with bytecode as JSON to dist/contracts/. Neither is
 * kept in git.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileContracts, WORKSPACE } from './compile-contracts.mjs';
import { deployableContracts, generateBindings } from './generate-bindings.mjs';

const { version } = JSON.parse(readFileSync(join(WORKSPACE, 'package.json'), 'utf8'));
const result = compileContracts();
writeFolder(join(WORKSPACE, 'src', 'generated'), generateBindings(result, version));
writeFolder(join(WORKSPACE, 'dist', 'contracts'), jsonFiles(result.contracts));

/** One file a contract, in the shape that Hardhat and its like read. */
function jsonFiles(contracts) {
  return new Map(
    deployableContracts(contracts).map(({ name, source, output }) => {
      const { abi, evm } = output;
      const artifact = {
        contractName: name,
        sourceName: source,
        abi,
        bytecode: `0x${evm.bytecode.object}`,
        deployedBytecode: `0x${evm.deployedBytecode.object}`,
      };
      return [`${name}.json`, `${JSON.stringify(artifact, null, 2)}\n`];
    }),
  );
}

function writeFolder(folder, files) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}
