/** How large the contracts' code is. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InternalError } from '@zkinfer/core';
import { CONTRACTS_ROOT, runForge } from './run-forge.ts';

/** EIP-170: the most that a chain takes. */
export const MAX_CODE_BYTES = 24_576;

/** EIP-3860: the most that a chain takes as creation code. */
export const MAX_CREATION_BYTES = 49_152;

/** Bytes of a contract's code on chain, and of the code that creates it (without its arguments). */
export interface ContractSize {
  readonly code: number;
  readonly creation: number;
}

/** A library without external functions compiles to a stub of 31 bytes; a key's contract to less. */
const STUB_BYTES = 31;

/** The committed sizes, below the workspace's folder. */
export const CONTRACT_SIZES_FILE = 'test/snapshots/contract-sizes.json';

/**
 * Sizes by contract, names in alphabetical order, of everything in `contracts/` that has code of
 * its own: neither interfaces, nor abstract contracts, nor libraries that are compiled into others.
 * @throws InternalError CONTRACTS_FORGE_FAILED; as `runForge`
 */
export async function contractSizes(): Promise<Record<string, ContractSize>> {
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
  const sizes = await Promise.all(names.map(async (name) => [name, await sizeOf(name)] as const));
  return Object.fromEntries(sizes.filter(([, { code }]) => code > STUB_BYTES).sort());
}

/** The committed form of sizes. */
export function encodeSizes(sizes: Readonly<Record<string, ContractSize>>): string {
  return `${JSON.stringify(sizes, undefined, 2)}\n`;
}

/** Zeros for a file that declares no contract of its name that could be deployed. */
async function sizeOf(name: string): Promise<ContractSize> {
  const path = join(CONTRACTS_ROOT, 'artifacts', 'forge', `${name}.sol`, `${name}.json`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return { code: 0, creation: 0 };
  const { bytecode, deployedBytecode } = JSON.parse(text) as Record<string, { object: string }>;
  return { code: bytesOf(deployedBytecode!.object), creation: bytesOf(bytecode!.object) };
}

function bytesOf(hex: string): number {
  return (hex.length - '0x'.length) / 2;
}
