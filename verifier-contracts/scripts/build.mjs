/**
 * Compiles the contracts and writes what the TypeScript sources and other tools take from them:
 * typed bindings to src/generated/, and ABI with bytecode as JSON to dist/contracts/. Neither is
 * kept in git.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileContracts, ownSources, WORKSPACE } from './compile-contracts.mjs';
import { deployableContracts, generateBindings } from './generate-bindings.mjs';

const GENERATED = join(WORKSPACE, 'src', 'generated');
const ARTIFACTS = join(WORKSPACE, 'dist', 'contracts');
const STAMP = join(ARTIFACTS, 'inputs.sha256');

const inputs = digestOfInputs();
if (!existsSync(GENERATED) || !existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== inputs) {
  const { version } = JSON.parse(readFileSync(join(WORKSPACE, 'package.json'), 'utf8'));
  const result = compileContracts();
  writeFolder(GENERATED, generateBindings(result, version));
  writeFolder(ARTIFACTS, jsonFiles(result.contracts));
  writeFileSync(STAMP, inputs);
}

/** Of all that decides what comes out: compiling takes a while, and most builds change none of it. */
function digestOfInputs() {
  const scripts = ['build', 'compile-contracts', 'foundry-settings', 'generate-bindings'];
  const files = [
    ...ownSources(),
    'foundry.toml',
    'package.json',
    ...[...scripts, 'type-names'].map((name) => `scripts/${name}.mjs`),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(WORKSPACE, file)));
  return hash.digest('hex');
}

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
