import { createRequire } from 'node:module';
import { EnvironmentError } from '@zkinfer/core';

/** Which platform packages there are, as `process.platform`-`process.arch`. */
const PACKAGE_SUFFIX: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-amd64',
  'linux-arm64': 'linux-arm64',
  'linux-x64': 'linux-amd64',
  'win32-x64': 'win32-amd64',
};

/**
 * The binary of a Foundry tool inside its platform's npm package. npm 11 runs no install scripts, so
 * the package `@foundry-rs/<tool>` itself may have no binary.
 * @param platform as `process.platform`-`process.arch`
 * @throws EnvironmentError CONTRACTS_FOUNDRY_PLATFORM, CONTRACTS_FOUNDRY_MISSING
 */
export function findFoundryTool(
  tool: 'anvil' | 'forge',
  platform = `${process.platform}-${process.arch}`,
): string {
  const suffix = PACKAGE_SUFFIX[platform];
  if (suffix === undefined) {
    throw new EnvironmentError({
      code: 'CONTRACTS_FOUNDRY_PLATFORM',
      what: `there is no ${tool} for this platform`,
      got: platform,
      expected: Object.keys(PACKAGE_SUFFIX).join(', '),
    });
  }
  const name = `@foundry-rs/${tool}-${suffix}`;
  const file = suffix.startsWith('win32') ? `${tool}.exe` : tool;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/${file}`);
  } catch (cause) {
    throw new EnvironmentError({
      code: 'CONTRACTS_FOUNDRY_MISSING',
      what: `${tool} is not installed`,
      expected: `the npm package ${name}`,
      hint: 'Run `npm ci` in the repository, with optional dependencies.',
      cause,
    });
  }
}
