/** How large the contracts' code is. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InternalError } from '@zkinfer/core';
import { CONTRACTS_ROOT, runForge } from './run-forge.ts';

/** EIP-170: the most that a chain takes. */
export const MAX_CODE_BYTES = 24_576;

/** A library without external functions compiles to a stub of 31 bytes; a key's contract to less. */
const STUB_BYTES = 31;

/** The committed sizes, below the workspace's folder. */
export const CONTRACT_SIZES_FILE = 'test/snapshots/contract-sizes.json';

/**
 * Bytes of code by contract, names in alphabetical order, of everything in `contracts/` that has code of
 * its own: neither interfaces, nor abstract contracts, nor libraries that are compiled into others.
 * @throws InternalError CONTRACTS_FORGE_FAILED; as `runForge`
 */
export async function contractSizes(): Promise<Record<string, number>> {
  const run = await runForge(['build', 'contracts']);
  if (run.exitCode !== 0) {
    throw new InternalError({
      code: 'CONTRACTS_FORGE_FAILED',
      what: 'forge did not build the contracts',
      got: `exit code ${run.exitCode}: ${run.stderr}${run.stdout}`.slice(0, 4000),
    });
  }
  const files = await readdir(join(CONTRACTS_ROOT, 'contracts'), { recursive: true });
  const names = files.filter((path) => path.endsWith('.sol')).map((path) => basename(path, '.sol'));
  const sizes = await Promise.all(
    names.map(async (name) => [name, await codeBytes(name)] as const),
  );
  return Object.fromEntries(sizes.filter(([, bytes]) => bytes > STUB_BYTES).sort());
}

/** The committed form of sizes. */
export function encodeSizes(sizes: Readonly<Record<string, number>>): string {
  return `${JSON.stringify(sizes, undefined, 2)}\n`;
}

/** 0 for a file that declares no contract of its name that could be deployed. */
async function codeBytes(name: string): Promise<number> {
  const path = join(CONTRACTS_ROOT, 'artifacts', 'forge', `${name}.sol`, `${name}.json`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return 0;
  const { deployedBytecode } = JSON.parse(text) as { deployedBytecode: { object: string } };
  return (deployedBytecode.object.length - '0x'.length) / 2;
}
