/** The Solidity tests, run by forge and told one by one. */
import { InternalError } from '@zkinfer/core';
import { type ForgeRun, runForge } from './run-forge.ts';

/** Profiles of `foundry.toml`: how long fuzzing and invariants go on. */
export type ForgeProfile = 'fast' | 'full';

/** What became of one test function. */
export interface SolidityTest {
  /** The contract that holds it. */
  readonly suite: string;
  /** The function without its arguments, underscores as spaces. */
  readonly name: string;
  /** Why it failed; undefined when it passed. */
  readonly failure: string | undefined;
  /** Of an invariant: how many calls were made. Of a fuzz test: with how many arguments it ran. */
  readonly effort: { readonly calls?: number; readonly runs?: number };
}

/** The part that is read of what `forge test --json` prints. */
type ForgeReport = Record<
  string,
  {
    test_results: Record<
      string,
      {
        status: 'Success' | 'Failure' | 'Skipped';
        reason: string | null;
        counterexample: unknown;
        kind: { Fuzz?: { runs: number }; Invariant?: { calls: number } };
      }
    >;
  }
>;

/**
 * Runs all Solidity tests.
 * @param seed of all fuzzing
 * @throws InternalError CONTRACTS_FORGE_FAILED when there is no report, as when a contract does not
 *   compile; as `runForge`
 */
export async function runSolidityTests(
  profile: ForgeProfile,
  seed: number,
): Promise<SolidityTest[]> {
  const args = ['test', '--json', '--fuzz-seed', `0x${seed.toString(16)}`];
  const run = await runForge(args, { FOUNDRY_PROFILE: profile });
  return Object.entries(reportOf(run)).flatMap(([suite, { test_results }]) =>
    Object.entries(test_results).map(([name, result]) => ({
      suite: suite.slice(suite.lastIndexOf(':') + 1),
      name: name.replace(/\(.*$/, '').replaceAll('_', ' '),
      failure: failureOf(result),
      effort: { ...result.kind.Fuzz, ...result.kind.Invariant },
    })),
  );
}

/**
 * What forge says of the tests of gas when a figure is not the committed one; undefined when all
 * are. forge compares only when it does not report as JSON.
 */
export async function differingGasFigures(): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await runForge(['test', '--match-path', '*.gas.t.sol']);
  return exitCode === 0 ? undefined : `${stdout}${stderr}`;
}

function reportOf(run: ForgeRun): ForgeReport {
  const line = run.stdout.split('\n').find((candidate) => candidate.startsWith('{'));
  if (line !== undefined) return JSON.parse(line) as ForgeReport;
  throw new InternalError({
    code: 'CONTRACTS_FORGE_FAILED',
    what: 'forge did not run the Solidity tests',
    got: `exit code ${run.exitCode}: ${run.stderr}${run.stdout}`.trim().slice(0, 4000),
  });
}

function failureOf(result: ForgeReport[string]['test_results'][string]): string | undefined {
  if (result.status === 'Success') return undefined;
  const example = result.counterexample === null ? '' : JSON.stringify(result.counterexample);
  return [result.status, result.reason ?? '', example].filter(Boolean).join(': ');
}
