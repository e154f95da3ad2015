/** `npm run bench -- CASE … [options]`: progress on stderr, tables on stdout, files in results/. */
import { resolve } from 'node:path';
import { type Progress, ZkinferError } from '@zkinfer/core';
import type { ExternalProgram } from './case.ts';
import { renderResult } from './case-result.ts';
import { caseNames, loadCase } from './load-case.ts';
import { parseArguments, USAGE } from './parse-arguments.ts';
import { RESULTS } from './paths.ts';
import { runCase } from './run-case.ts';
import { writeResult } from './write-result.ts';

/** 1: something went wrong; 2: usage. */
const FAILED = 1;
const MISUSED = 2;
const USAGE_CODES = [
  'BENCH_USAGE',
  'BENCH_CASE_UNKNOWN',
  'BENCH_ROW_UNKNOWN',
  'BENCH_PROGRAM_OPTION',
];

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = isMisuse(error) ? MISUSED : FAILED;
}

async function main(args: readonly string[]): Promise<void> {
  const { help, cases, programs, ...others } = parseArguments(args);
  if (help) {
    process.stdout.write(`${USAGE}\n\nCases:\n${await caseList()}\n`);
    return;
  }
  // All names are checked before the first case takes its time.
  const loaded = await Promise.all(cases.map(loadCase));
  const options = { ...others, programs: programs.map(fromCallersFolder) };
  for (const each of loaded) {
    const result = await runCase(each, { ...options, progress: lines(each.name) });
    await writeResult(RESULTS, result);
    process.stdout.write(`${renderResult(result)}\n`);
  }
}

/** npm runs scripts in the repository's folder, wherever it was called. */
function fromCallersFolder({ name, path }: ExternalProgram): ExternalProgram {
  return { name, path: resolve(process.env.INIT_CWD ?? '.', path) };
}

async function caseList(): Promise<string> {
  const cases = await Promise.all((await caseNames()).map(loadCase));
  return cases.map(({ name, definition }) => `  ${name.padEnd(22)} ${definition.title}`).join('\n');
}

function lines(prefix: string): Progress {
  return {
    stage: (name) => process.stderr.write(`${prefix}: ${name}\n`),
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
