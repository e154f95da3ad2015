/** `npm run bench -- …`: progress on stderr, tables on stdout, files in results/. */
import { dirname, resolve } from 'node:path';
import { type Progress, ZkinferError } from '@zkinfer/core';
import type { ExternalProgram } from './case.ts';
import { renderResult } from './case-result.ts';
import { caseNames, loadCase } from './load-case.ts';
import { BENCH_MODELS } from './models/bench-models.ts';
import {
  type BenchArguments,
  type CaseArguments,
  DEFAULT_RUNS,
  parseArguments,
  USAGE,
} from './parse-arguments.ts';
import { RESULTS } from './paths.ts';
import { renderComparison } from './report/render-comparison.ts';
import { restrictCores } from './restrict-cores.ts';
import { runCase } from './run-case.ts';
import { compareRuns, hasRegressed } from './study/compare-runs.ts';
import { readRun } from './study/run-recorder.ts';
import { studyCommand } from './study/study-command.ts';
import { SUITES } from './study/suites.ts';
import { writeReport } from './study/write-report.ts';
import { writeResult } from './write-result.ts';

/** 1: the answer is no, or something went wrong; 2: usage; 130: interrupted, as shells have it. */
const FAILED = 1;
const MISUSED = 2;
const INTERRUPTED = 130;
const USAGE_CODES = [
  'BENCH_USAGE',
  'BENCH_CASE_UNKNOWN',
  'BENCH_ROW_UNKNOWN',
  'BENCH_PROGRAM_OPTION',
  'BENCH_SUITE_UNKNOWN',
  'BENCH_MODEL_UNKNOWN',
  'BENCH_ENGINE_UNKNOWN',
  'BENCH_RUN_MISSING',
  'CORE_FILE_MISSING',
];

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Once: a second one ends the bench at once.
  process.once(name, () => interruption.abort(new Error('interrupted')));
}

try {
  await main(withCallersPaths(parseArguments(process.argv.slice(2))));
} catch (error) {
  if (!interruption.signal.aborted) process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = isMisuse(error) ? MISUSED : FAILED;
}
if (interruption.signal.aborted) process.exitCode = INTERRUPTED;

async function main(args: BenchArguments): Promise<void> {
  switch (args.kind) {
    case 'help':
      print(`${USAGE}\n\n${await catalogue()}`);
      break;
    case 'cases':
      restrictCores(args.cores);
      await runCases(args);
      break;
    case 'study':
      restrictCores(args.cores);
      print(await studyCommand(args, process.stderr, interruption.signal));
      break;
    case 'compare': {
      const comparison = compareRuns(await readRun(args.before), await readRun(args.after));
      print(renderComparison(comparison));
      if (hasRegressed(comparison)) process.exitCode = FAILED;
      break;
    }
    case 'report': {
      const run = await readRun(args.run);
      const { markdown, html } = await writeReport(args.out ?? dirname(args.run), run);
      print(`${markdown}\n${html}`);
    }
  }
}

async function runCases({ cases, repeat = DEFAULT_RUNS, ...others }: CaseArguments) {
  // All names are checked before the first case takes its time.
  const loaded = await Promise.all(cases.map(loadCase));
  for (const each of loaded) {
    const progress = lines(`${each.name}: `);
    const { signal } = interruption;
    const result = await runCase(each, { ...others, runs: repeat, progress, signal });
    await writeResult(RESULTS, result);
    print(renderResult(result));
  }
}

/** npm runs scripts in the repository's folder, wherever it was called. */
function withCallersPaths(args: BenchArguments): BenchArguments {
  const from = (path: string) => resolve(process.env.INIT_CWD ?? '.', path);
  const out = (path: string | undefined) => (path === undefined ? undefined : from(path));
  const programs = (list: readonly ExternalProgram[]) =>
    list.map(({ name, path }) => ({ name, path: from(path) }));
  switch (args.kind) {
    case 'help':
      return args;
    case 'cases':
      return { ...args, programs: programs(args.programs) };
    case 'study':
      return { ...args, programs: programs(args.programs), out: out(args.out) };
    case 'compare':
      return { ...args, before: from(args.before), after: from(args.after) };
    case 'report':
      return { ...args, run: from(args.run), out: out(args.out) };
  }
}

async function catalogue(): Promise<string> {
  const cases = await Promise.all((await caseNames()).map(loadCase));
  const list = (entries: readonly (readonly [string, string])[]) =>
    entries.map(([name, title]) => `  ${name.padEnd(22)} ${title}`).join('\n');
  return [
    `Suites:\n${list(SUITES.map(({ name, description }) => [name, description]))}`,
    `Models:\n${list(BENCH_MODELS.map(({ name, title }) => [name, title]))}`,
    `Cases:\n${list(cases.map(({ name, definition }) => [name, definition.title]))}`,
  ].join('\n\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function lines(prefix: string): Progress {
  return {
    stage: (name) => process.stderr.write(`${prefix}${name}\n`),
    advance() {},
  };
}

function messageOf(error: unknown): string {
  if (error instanceof ZkinferError) return `${error.message} [${error.code}]`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isMisuse(error: unknown): boolean {
  return error instanceof ZkinferError && USAGE_CODES.includes(error.code);
}
