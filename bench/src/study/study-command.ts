/** `npm run bench` without a case: a study, its raw data and its report. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Progress } from '@zkinfer/core';
import { benchModel } from '../models/bench-models.ts';
import type { StudyArguments } from '../parse-arguments.ts';
import { RESULTS } from '../paths.ts';
import { renderTable } from '../render-markdown.ts';
import { headlineTable } from '../report/headline-table.ts';
import { installThirdParty } from '../third-party.ts';
import { RunRecorder } from './run-recorder.ts';
import { runStudy } from './run-study.ts';
import { startRun } from './start-run.ts';
import type { StudyRun } from './study-run.ts';
import { type Suite, suiteOf } from './suites.ts';
import { writeReport } from './write-report.ts';

/** Those that come with the bench. */
const ENGINES = ['wasm', 'snarkjs'];

/**
 * Runs the study and writes its files; interrupted, it keeps what was measured.
 * @returns what to print
 * @throws InputError BENCH_SUITE_UNKNOWN, BENCH_MODEL_UNKNOWN, BENCH_ENGINE_UNKNOWN;
 *   EnvironmentError BENCH_INSTALL; as writing does
 */
export async function studyCommand(args: StudyArguments, progress: Progress): Promise<string> {
  const suite = suiteWith(suiteOf(args.suite), args.models);
  requireEngines(args);
  await installThirdParty(progress);
  const run = await startRun(suite.name, commandLine(), args.repeat ?? suite.repeat, args.prices);
  const folder = args.out ?? join(RESULTS, folderName(run));
  await mkdir(folder, { recursive: true });
  const recorder = await RunRecorder.create(join(folder, 'run.json'), run);
  for (const warning of run.warnings) progress.stage(`warning: ${warning}`);
  const { repeat, engines, programs } = args;
  await runStudy({ suite, repeat, engines, programs, recorder, progress });
  const { markdown, html } = await writeReport(folder, recorder.run);
  return [
    renderTable(headlineTable(recorder.run).table),
    '',
    ...recorder.run.failures.map(
      ({ model, engine, phase, what }) => `not measured: ${model}, ${phase}, ${engine}: ${what}`,
    ),
    `raw data  ${recorder.path}`,
    `report    ${html}`,
    `          ${markdown}`,
  ].join('\n');
}

function suiteWith(suite: Suite, models: readonly string[]): Suite {
  return models.length === 0 ? suite : { ...suite, models: models.map(benchModel) };
}

function requireEngines({ engines, programs }: StudyArguments): void {
  const known = [...ENGINES, ...programs.map(({ name }) => name)];
  const unknown = engines.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InputError({
    code: 'BENCH_ENGINE_UNKNOWN',
    what: 'there is no such prover',
    got: unknown,
    expected: `${known.join(', ')}, or one given by --with`,
  });
}

function folderName({ suite, startedAt }: StudyRun): string {
  return `${startedAt.slice(0, 16).replaceAll(':', '')}-${suite}`;
}

function commandLine(): string {
  const args = process.argv.slice(2);
  return args.length === 0 ? 'npm run bench' : `npm run bench -- ${args.join(' ')}`;
}
