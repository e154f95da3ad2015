import { InputError } from '@zkinfer/core';
import type { ContestCase, ExternalProgram } from './case.ts';
import { type CaseResult, contestTable, noiseNotes } from './case-result.ts';
import type { ContestWatch } from './contest/contest-watch.ts';
import { runContest } from './contest/run-contest.ts';
import type { LoadedCase } from './load-case.ts';
import { describeMachine, ownVersions } from './machine.ts';
import { programVersions } from './program-versions.ts';
import { installThirdParty, thirdPartyVersions } from './third-party.ts';

/** How a case is run. */
export interface CaseOptions extends ContestWatch {
  readonly runs: number;
  /** Only these rows; empty: all. */
  readonly rows: readonly string[];
  readonly programs: readonly ExternalProgram[];
}

/**
 * Runs a case from its preparation to its result.
 * @throws InputError BENCH_ROW_UNKNOWN, BENCH_PROGRAM_OPTION, CORE_FILE_MISSING; EnvironmentError
 *   BENCH_INSTALL, BENCH_CONTESTANT_FAILED; IntegrityError BENCH_OUTCOMES_DIFFER
 */
export async function runCase(loaded: LoadedCase, options: CaseOptions): Promise<CaseResult> {
  const { name, definition } = loaded;
  const machine = describeMachine();
  checkOptions(loaded, options);
  const versions = {
    ...(await ownVersions()),
    ...(definition.usesThirdParty ? await thirdPartyVersions() : {}),
    ...(await programVersions(options.programs)),
  };
  if (definition.usesThirdParty) await installThirdParty(options.progress);
  const date = new Date().toISOString().slice(0, 10);
  const head = {
    version: 1,
    case: name,
    title: definition.title,
    date,
    machine,
    versions,
  } as const;
  if (definition.kind === 'count') {
    const table = await definition.count(options.progress);
    return { ...head, notes: definition.notes, table };
  }
  const rows = options.rows.length === 0 ? definition.rows : options.rows;
  const samples = await runContest(loaded, definition, { ...options, rows });
  const notes = [...definition.notes, ...noiseNotes(definition, samples, machine)];
  return { ...head, notes, table: contestTable(definition, samples), samples };
}

function checkOptions({ name, definition }: LoadedCase, { rows, programs }: CaseOptions): void {
  const known = definition.kind === 'contest' ? definition.rows : [];
  const unknown = rows.find((row) => !known.includes(row));
  if (unknown !== undefined) {
    throw new InputError({
      code: 'BENCH_ROW_UNKNOWN',
      what: `${name} has no such row`,
      got: unknown,
      expected: known.filter((row) => row !== '').join(', ') || 'no --rows',
    });
  }
  if (programs.length > 0 && !takesPrograms(definition)) {
    throw new InputError({
      code: 'BENCH_PROGRAM_OPTION',
      what: `${name} takes no program: there is nothing for it to prove`,
      got: programs.map((program) => program.name).join(', '),
    });
  }
  checkNames(definition, programs);
}

function takesPrograms(definition: LoadedCase['definition']): definition is ContestCase {
  return definition.kind === 'contest' && definition.programContestant !== undefined;
}

function checkNames(
  definition: LoadedCase['definition'],
  programs: readonly ExternalProgram[],
): void {
  if (definition.kind !== 'contest') return;
  const taken = definition.contestants.map(({ name }) => name);
  const twice = programs.find(({ name }) => taken.includes(name));
  if (twice === undefined) return;
  throw new InputError({
    code: 'BENCH_PROGRAM_OPTION',
    what: 'a program has the name of another contestant',
    got: twice.name,
  });
}
