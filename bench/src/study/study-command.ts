/** `npm run bench` without a case: a study, its raw data and its report. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { benchModel } from '../models/bench-models.ts';
import type { StudyArguments } from '../parse-arguments.ts';
import { RESULTS } from '../paths.ts';
import { programVersions } from '../program-versions.ts';
import { renderTable } from '../render-markdown.ts';
import { headlineTable } from '../report/headline-table.ts';
import { installThirdParty, thirdPartyVersions } from '../third-party.ts';
import { chosenEngines } from './chosen-engines.ts';
import { RunRecorder } from './run-recorder.ts';
import { runStudy } from './run-study.ts';
import { startRun } from './start-run.ts';
import { type ProgressStream, StudyProgress } from './study-progress.ts';
import type { StudyRun } from './study-run.ts';
import { type Suite, suiteOf } from './suites.ts';
import { writeReport } from './write-report.ts';

/**
 * Runs the study and writes its files; interrupted, it keeps what was measured, and reports that.
 * @returns what to print
 * @throws InputError BENCH_SUITE_UNKNOWN, BENCH_MODEL_UNKNOWN, BENCH_ENGINE_UNKNOWN,
 *   BENCH_PROGRAM_OPTION, CORE_FILE_MISSING for a program; EnvironmentError BENCH_INSTALL; as
 *   writing does
 */
export async function studyCommand(
  args: StudyArguments,
  stream: ProgressStream,
  signal: AbortSignal,
): Promise<string> {
  const { repeat, programs } = args;
  const asked = suiteWith(suiteOf(args.suite), args.models);
  const { suite, provers, usesThirdParty } = chosenEngines(asked, args.engines, programs);
  const versions = await programVersions(programs);
  const progress = new StudyProgress(stream, suite.models);
  try {
    if (usesThirdParty) {
      await installThirdParty(progress);
      Object.assign(versions, await thirdPartyVersions());
    }
    const run = await startRun(suite, commandLine(), args, versions);
    const folder = args.out ?? join(RESULTS, folderName(run));
    await mkdir(folder, { recursive: true });
    const recorder = await RunRecorder.create(join(folder, 'run.json'), run);
    for (const warning of run.warnings) progress.note(`warning: ${warning}`);
    await untilAborted(signal, () =>
      runStudy({ suite, repeat, provers, programs, recorder, progress, signal }),
    );
    const { markdown, html } = await writeReport(folder, recorder.run);
    return summaryOf(recorder, html, markdown);
  } finally {
    progress.stop();
  }
}

function suiteWith(suite: Suite, models: readonly string[]): Suite {
  return models.length === 0 ? suite : { ...suite, models: models.map(benchModel) };
}

async function untilAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function summaryOf({ run, path }: RunRecorder, html: string, markdown: string): string {
  return [
    renderTable(headlineTable(run).table),
    '',
    ...run.failures.map(
      ({ model, engine, phase, what }) => `not measured: ${model}, ${phase}, ${engine}: ${what}`,
    ),
    ...run.warnings.map((warning) => `warning: ${warning}`),
    ...(run.finishedAt === null ? ['interrupted: the report has what was measured'] : []),
    `raw data  ${path}`,
    `report    ${html}`,
    `          ${markdown}`,
  ].join('\n');
}

function folderName({ suite, startedAt }: StudyRun): string {
  return `${startedAt.slice(0, 19).replaceAll(':', '')}-${suite}`;
}

/** As others would give it: without the folder, which is this machine's. */
function commandLine(): string {
  const args = process.argv.slice(2).filter((arg, i, all) => {
    return arg !== '--out' && all[i - 1] !== '--out' && !arg.startsWith('--out=');
  });
  return args.length === 0 ? 'npm run bench' : `npm run bench -- ${args.join(' ')}`;
}
