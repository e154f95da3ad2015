import { parseArgs } from 'node:util';
import { InputError } from '@zkinfer/core';
import type { ExternalProgram } from './case.ts';

/** What `npm run bench -- …` was asked for. */
export interface BenchArguments {
  readonly help: boolean;
  /** Names of cases, at least one unless help is wanted. */
  readonly cases: readonly string[];
  readonly runs: number;
  /** Only these rows; empty: all. */
  readonly rows: readonly string[];
  readonly programs: readonly ExternalProgram[];
}

/** Medians of fewer runs say little. */
export const DEFAULT_RUNS = 5;

const MAX_RUNS = 1000;

export const USAGE = `Usage: npm run bench -- CASE … [options]

  --runs N           runs of each contestant that count (default ${DEFAULT_RUNS}, at most ${MAX_RUNS})
  --rows A,B         only these rows of a case's table
  --with NAME=PATH   another prover, called as PATH proving_key.zkey witness.wtns proof.json public.json
  --help             this text, and the cases`;

/**
 * @param args without node and the script
 * @throws InputError BENCH_USAGE, BENCH_PROGRAM_OPTION
 */
export function parseArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const help = values.help ?? false;
  if (!help && positionals.length === 0) throw usageError('which case?', 'no case');
  return {
    help,
    cases: positionals,
    runs: parseRuns(values.runs ?? String(DEFAULT_RUNS)),
    rows: (values.rows ?? []).flatMap((list) => list.split(',')),
    programs: parsePrograms(values.with ?? []),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        runs: { type: 'string' },
        rows: { type: 'string', multiple: true },
        with: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

function parseRuns(text: string): number {
  const runs = Number(text);
  if (/^\d+$/.test(text) && runs >= 1 && runs <= MAX_RUNS) return runs;
  throw usageError('--runs is no number of runs', text, `an integer from 1 to ${MAX_RUNS}`);
}

function parsePrograms(options: readonly string[]): ExternalProgram[] {
  const programs = options.map((option) => {
    const match = /^([\w.-]+)=(.+)$/.exec(option);
    if (match === null) throw programError('--with takes a name and a path', option);
    return { name: match[1]!, path: match[2]! };
  });
  const names = programs.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw programError('two programs have the same name', twice);
  return programs;
}

function programError(what: string, got: string): InputError {
  const expected = 'NAME=PATH, each name once';
  return new InputError({ code: 'BENCH_PROGRAM_OPTION', what, got, expected });
}

function usageError(what: string, got?: string, expected?: string): InputError {
  return new InputError({
    code: 'BENCH_USAGE',
    what,
    ...(got === undefined ? {} : { got }),
    ...(expected === undefined ? {} : { expected }),
    hint: 'See --help.',
  });
}
