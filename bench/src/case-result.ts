/** The result of a case: everything that its file and its table say. */
import type { ContestCase } from './case.ts';
import type { ContestantSamples, RowSamples } from './contest/run-contest.ts';
import { formatMegabytes, formatQuantity, measureOf, threeDigits } from './format-measure.ts';
import type { Machine } from './machine.ts';
import { renderTable, type Table } from './render-markdown.ts';
import { compareSamples, type Ratio, spreadOf, summarize } from './summarize.ts';

/** The contents of `results/CASE.json`. */
export interface CaseResult {
  readonly version: 1;
  readonly case: string;
  readonly title: string;
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  readonly table: Table;
  /** Of contests: what each table cell was made from. */
  readonly samples?: readonly RowSamples[];
}

/** More of it makes figures doubtful. */
const QUIET_SPREAD = 0.2;
const QUIET_LOAD_PER_CORE = 0.5;

/** A median of fewer is an accident. */
const ENOUGH_RUNS = 5;

/** The table of a contest. */
export function contestTable(contest: ContestCase, results: readonly RowSamples[]): Table {
  const isTimed = contest.measure === 'time';
  const hasRows = contest.rows.length > 1;
  const isCompared = results.some(({ contestants }) => contestants.length > 1);
  const column = (title: string, align: 'left' | 'right') => ({ title, align });
  return {
    columns: [
      ...(hasRows ? [column('size', 'left')] : []),
      column('contestant', 'left'),
      column('median', 'right'),
      column('min – max', 'right'),
      ...(isTimed ? [column('CPU', 'right'), column('peak memory', 'right')] : []),
      ...(isCompared ? ratioTitles(isTimed).map((title) => column(title, 'right')) : []),
    ],
    rows: results.flatMap(({ row, contestants }) =>
      contestants.map((contestant) => [
        ...(hasRows ? [row] : []),
        ...contestantCells(contest, contestant),
        ...(isCompared ? ratioCells(contest, contestant, contestants) : []),
      ]),
    ),
  };
}

/** What lowers the trust in the samples, as sentences. */
export function noiseNotes(
  contest: ContestCase,
  results: readonly RowSamples[],
  { loadBefore, cores }: Machine,
): string[] {
  const spreads = results.flatMap(({ contestants }) =>
    contestants.map((contestant) => spreadOf(summarize(valuesOf(contest, contestant)))),
  );
  const spread = Math.max(...spreads);
  const load = loadBefore / cores;
  const isQuiet = spread <= QUIET_SPREAD && load <= QUIET_LOAD_PER_CORE;
  const runs = results[0]?.contestants[0]?.measurements.length ?? 0;
  return [
    `Noise: runs of a contestant lie at most ${Math.round(100 * spread)} % of their median apart; ` +
      `before, ${loadBefore.toFixed(1)} processes wanted the ${cores} cores.` +
      (isQuiet ? '' : ' The machine was not quiet: trust the ratios more than the times.'),
    ...(runs < ENOUGH_RUNS ? [`Fewer than ${ENOUGH_RUNS} runs each: the medians say little.`] : []),
  ];
}

/** A result as Markdown: heading, circumstances, table, notes. */
export function renderResult(result: CaseResult): string {
  const { machine, versions } = result;
  const memory = `${Math.round(machine.memoryBytes / 1e9)} GB`;
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${result.case}: ${result.title}`,
    '',
    `${result.date}, ${machine.processor}, ${machine.cores} cores, ${memory}, ${machine.system}; ` +
      `${versionList.join(', ')}.`,
    '',
    renderTable(result.table),
    '',
    ...result.notes.map((note) => `- ${note}`),
    '',
  ].join('\n');
}

function contestantCells(contest: ContestCase, contestant: ContestantSamples): string[] {
  const { median, min, max } = summarize(valuesOf(contest, contestant));
  const cells = [
    contestant.name,
    formatQuantity(contest, median),
    `${formatQuantity(contest, min)} – ${formatQuantity(contest, max)}`,
  ];
  if (contest.measure === 'memory') return cells;
  const cpu = cpuOf(contestant);
  const peaks = contestant.measurements.flatMap(({ peakBytes }) => peakBytes ?? []);
  return [
    ...cells,
    cpu.length === 0 ? '' : formatQuantity(contest, summarize(cpu).median),
    peaks.length === 0 ? '' : formatMegabytes(Math.max(...peaks)),
  ];
}

function valuesOf(contest: ContestCase, { measurements }: ContestantSamples): number[] {
  return measurements.map((measurement) => measureOf(contest, measurement));
}

/** Empty for programs. */
function cpuOf({ measurements }: ContestantSamples): number[] {
  return measurements.flatMap(({ cpuMilliseconds }) => cpuMilliseconds ?? []);
}

function ratioTitles(isTimed: boolean): string[] {
  return isTimed ? ['zkinfer is faster by', 'in CPU time by'] : ['zkinfer takes less by'];
}

function ratioCells(
  contest: ContestCase,
  contestant: ContestantSamples,
  all: readonly ContestantSamples[],
): string[] {
  const byMeasure = ratioCell(contestant, all, (each) => valuesOf(contest, each));
  return contest.measure === 'time' ? [byMeasure, ratioCell(contestant, all, cpuOf)] : [byMeasure];
}

function ratioCell(
  contestant: ContestantSamples,
  all: readonly ContestantSamples[],
  samplesOf: (contestant: ContestantSamples) => readonly number[],
): string {
  const ours = all.find(({ isOurs }) => isOurs);
  if (contestant.isOurs || ours === undefined) return '';
  const samples = samplesOf(contestant);
  return samples.length === 0 ? '' : formatRatio(compareSamples(samples, samplesOf(ours)));
}

function formatRatio({ ratio, min, max }: Ratio): string {
  return `${threeDigits(ratio)} × (${threeDigits(min)} – ${threeDigits(max)})`;
}
