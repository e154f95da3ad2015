/** Which lines and branches of the contracts the Solidity tests reach. */
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { InternalError } from '@zkinfer/core';
import { CONTRACTS_ROOT, runForge } from './run-forge.ts';

/** Of what there is to reach, how much was. */
export interface Reached {
  readonly reached: number;
  readonly total: number;
}

/** The coverage of one source file. */
export interface FileCoverage {
  /** Below the workspace's folder, with slashes. */
  readonly path: string;
  readonly lines: Reached;
  readonly branches: Reached;
}

/**
 * Runs the Solidity tests on contracts compiled without optimiser, and counts; files of `contracts/`
 * alone. Tests of gas (`*.gas.t.sol`) are left out: their figures hold for optimised code.
 * @param seed of all fuzzing
 * @throws InternalError CONTRACTS_FORGE_FAILED; as `runForge`
 */
export async function measureCoverage(seed: number): Promise<FileCoverage[]> {
  const report = join(CONTRACTS_ROOT, 'artifacts', 'lcov.info');
  await rm(report, { force: true });
  const args = ['coverage', '--report', 'lcov', '--report-file', report];
  args.push('--no-match-path', '*.gas.t.sol', '--fuzz-seed', `0x${seed.toString(16)}`);
  const run = await runForge(args, {
    FOUNDRY_PROFILE: 'fast',
    FORGE_SNAPSHOT_CHECK: 'false',
    ...(await linkedLibraries()),
  });
  if (run.exitCode !== 0) {
    throw new InternalError({
      code: 'CONTRACTS_FORGE_FAILED',
      what: 'forge did not measure the coverage of the contracts',
      got: `exit code ${run.exitCode}: ${run.stderr}${run.stdout.slice(-4000)}`,
    });
  }
  return parseLcov(await readFile(report, 'utf8')).filter(({ path }) =>
    path.startsWith('contracts/'),
  );
}

/**
 * Reads a report in lcov's format (man geninfo): the records SF, DA, BRDA and end_of_record.
 */
export function parseLcov(text: string): FileCoverage[] {
  return text
    .split('end_of_record')
    .filter((record) => record.includes('SF:'))
    .map((record) => ({
      path: /^SF:(.+)$/m.exec(record)![1]!,
      lines: countReached(record.matchAll(/^DA:\d+,(\d+)/gm)),
      branches: countReached(record.matchAll(/^BRDA:\d+,\d+,\d+,(\d+|-)/gm)),
    }));
}

/** Of several files together. */
export function sumOf(parts: readonly Reached[]): Reached {
  return {
    reached: parts.reduce((sum, { reached }) => sum + reached, 0),
    total: parts.reduce((sum, { total }) => sum + total, 0),
  };
}

function countReached(records: Iterable<RegExpExecArray>): Reached {
  const counts = [...records].map(([, count]) => Number(count === '-' ? 0 : count));
  return { reached: counts.filter((count) => count > 0).length, total: counts.length };
}

/**
 * forge's analysis finds no relative imports in libraries outside its root folder, so they are
 * linked into it.
 */
async function linkedLibraries(): Promise<Record<string, string>> {
  const folder = join(CONTRACTS_ROOT, 'artifacts', 'lib');
  await mkdir(folder, { recursive: true });
  const link = join(folder, '@openzeppelin');
  await rm(link, { force: true });
  await symlink(join(CONTRACTS_ROOT, '..', 'node_modules', '@openzeppelin'), link, 'junction');
  return {
    FOUNDRY_LIBS: '["artifacts/lib"]',
    FOUNDRY_REMAPPINGS: '@openzeppelin/contracts/=artifacts/lib/@openzeppelin/contracts/',
  };
}
