/** Compiles the contracts with npm's `solc` under the settings of foundry.toml. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foundrySettings } from './foundry-settings.mjs';

const require = createRequire(import.meta.url);

/** The workspace's folder. */
export const WORKSPACE = fileURLToPath(new URL('..', import.meta.url));

/** Contracts of packages that are deployed or called too. */
const FOREIGN = [
  '@openzeppelin/contracts/governance/TimelockController.sol',
  '@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol',
];

/** What the bindings need, and no more: everything that solc can say takes it twice the time. */
const OUTPUTS = [
  ...['abi', 'devdoc', 'userdoc'],
  ...['evm.bytecode.object', 'evm.bytecode.linkReferences'],
  ...['evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences'],
];

/** Thousands of generated lines without a struct: their syntax trees are of no use. */
const WITHOUT_TREE = 'contracts/poseidon/';

/**
 * What solc's standard JSON gives for contracts/**, warnings printed.
 * @throws Error with the compiler's messages
 */
export function compileContracts() {
  const solc = require('solc');
  const paths = [...ownSources(), ...FOREIGN];
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(paths.map((path) => [path, sourceOf(path)])),
    settings: {
      ...foundrySettings(join(WORKSPACE, 'foundry.toml')),
      outputSelection: Object.fromEntries(paths.map((path) => [path, outputsOf(path)])),
    },
  };
  const readImport = (path) => ({ contents: sourceOf(path).content });
  const result = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
  report(result.errors ?? []);
  return result;
}

/** Paths of the project's own sources, with slashes, from the workspace's folder. */
export function ownSources() {
  return readdirSync(join(WORKSPACE, 'contracts'), { recursive: true })
    .map((path) => `contracts/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.sol'))
    .sort();
}

function outputsOf(path) {
  return { '*': OUTPUTS, '': path.startsWith(WITHOUT_TREE) ? [] : ['ast'] };
}

function sourceOf(path) {
  const file = path.startsWith('contracts/') ? join(WORKSPACE, path) : require.resolve(path);
  return { content: readFileSync(file, 'utf8') };
}

function report(messages) {
  const errors = messages.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  }
  for (const { formattedMessage } of messages) process.stderr.write(`${formattedMessage}\n`);
}
