/** Runs forge on this workspace's contracts and Solidity tests. For tests and generators alone. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { EnvironmentError } from '@zkinfer/core';
import { findFoundryTool } from '../node/find-foundry-tool.ts';

/** The folder of `foundry.toml`, with a slash at its end. */
export const CONTRACTS_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How a run of forge ended. */
export interface ForgeRun {
  /** 1 when forge was killed. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs forge to its end; a failing run is an answer, not an error.
 * @param environment on top of this process's; `FOUNDRY_…` overrides settings of `foundry.toml`
 * @throws EnvironmentError CONTRACTS_FOUNDRY_PLATFORM, CONTRACTS_FOUNDRY_MISSING,
 *   CONTRACTS_FORGE_START
 */
export async function runForge(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ForgeRun> {
  const forge = spawn(findFoundryTool('forge'), args, {
    cwd: CONTRACTS_ROOT,
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve, reject) => {
    forge.once('error', (cause) => reject(notStarted(cause)));
    forge.once('close', (code) => resolve(code ?? 1));
  });
  const [exitCode, stdout, stderr] = await Promise.all([
    ended,
    text(forge.stdout),
    text(forge.stderr),
  ]);
  return { exitCode, stdout, stderr };
}

function notStarted(cause: Error): EnvironmentError {
  return new EnvironmentError({
    code: 'CONTRACTS_FORGE_START',
    what: 'forge does not start',
    hint: 'Run `npm ci` in the repository again.',
    cause,
  });
}
