/** Two runs against each other: what is exact must be equal, what is timed is judged by its noise. */
import type { Summary } from '../summarize.ts';
import { type FigureKey, figuresOf, findFigure } from './figures.ts';
import type { StudyCircuit, StudyRun } from './study-run.ts';

/** `worse` and `better`: beyond the noise of both runs. `failed`: it was measured before. */
export type Verdict =
  | 'same'
  | 'worse'
  | 'better'
  | 'too few'
  | 'failed'
  | 'only before'
  | 'only after';

/** A time, or a peak of memory, in both runs. */
export interface FigureChange {
  readonly key: FigureKey;
  readonly quantity: 'time' | 'memory';
  /** Medians, milliseconds or bytes; null where a run has none. */
  readonly before: number | null;
  readonly after: number | null;
  readonly verdict: Verdict;
}

/** A count that is not what it was: rows, key size, gas, changed predictions. More is worse. */
export interface CountChange {
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

/** All that differs, and all that was compared. */
export interface RunComparison {
  readonly figures: readonly FigureChange[];
  readonly counts: readonly CountChange[];
  /** Why times may not be comparable: another machine, other cores, load. */
  readonly warnings: readonly string[];
}

/** Medians closer than this are not told apart, however quiet the runs. */
const LEAST_CHANGE = 0.05;

/** Fewer samples a side say nothing about noise. */
const LEAST_SAMPLES = 3;

/** Proofs are random, and a byte of calldata that happens to be 0 costs 12 gas less. */
const GAS_NOISE = 0.001;

/** The comparison; `before` and `after` in this order. */
export function compareRuns(before: StudyRun, after: StudyRun): RunComparison {
  return {
    figures: [...compareFigures(before, after, 'time'), ...compareFigures(before, after, 'memory')],
    counts: [
      ...compareCircuits(before, after),
      ...compareGas(before, after),
      ...comparePredictions(before, after),
    ],
    warnings: warningsOf(before, after),
  };
}

function compareFigures(
  before: StudyRun,
  after: StudyRun,
  quantity: FigureChange['quantity'],
): FigureChange[] {
  const [earlier, later] = [figuresOf(before), figuresOf(after)];
  const added = later.filter((figure) => findFigure(earlier, figure) === undefined);
  return [...earlier, ...added].flatMap((figure): FigureChange[] => {
    const [was, is] = [findFigure(earlier, figure), findFigure(later, figure)];
    const [old, now] = [was?.[quantity] ?? null, is?.[quantity] ?? null];
    if (old === null && now === null) return [];
    const { model, compiler, engine, phase } = figure;
    const key = { model, compiler, engine, phase };
    return [
      {
        key,
        quantity,
        before: old?.median ?? null,
        after: now?.median ?? null,
        verdict: verdictOf(key, old, now, Math.min(was?.count ?? 0, is?.count ?? 0), after),
      },
    ];
  });
}

function verdictOf(
  key: FigureKey,
  before: Summary | null,
  after: Summary | null,
  samples: number,
  run: StudyRun,
): Verdict {
  if (before === null) return 'only after';
  if (after === null) return hasFailed(run, key) ? 'failed' : 'only before';
  return samples < LEAST_SAMPLES ? 'too few' : judge(before, after);
}

function hasFailed({ failures }: StudyRun, key: FigureKey): boolean {
  return failures.some(
    ({ model, compiler, engine, phase }) =>
      model === key.model &&
      compiler === key.compiler &&
      (phase === 'all' || (engine === key.engine && phase === key.phase)),
  );
}

/**
 * Beyond noise: no sample of one run reaches into the other's, and the medians are further apart
 * than both runs' samples together spread. Samples of equal distributions look so once in 150 times
 * with three a side, once in 10,000 with five (drawn from log-normal ones).
 */
function judge(before: Summary, after: Summary): Verdict {
  const [ratio, gap] = [after.median / before.median, after.median - before.median];
  const spread = before.max - before.min + (after.max - after.min);
  if (after.min > before.max && gap > spread && ratio > 1 + LEAST_CHANGE) return 'worse';
  if (after.max < before.min && -gap > spread && ratio < 1 / (1 + LEAST_CHANGE)) return 'better';
  return 'same';
}

const CIRCUIT_COUNTS = ['rows', 'wires', 'nonZeros', 'keyBytes', 'proofBytes'] as const;

function compareCircuits(before: StudyRun, after: StudyRun): CountChange[] {
  const isSame = (a: StudyCircuit, b: StudyCircuit) =>
    a.model === b.model && a.compiler === b.compiler;
  return before.circuits.flatMap((circuit) => {
    const now = after.circuits.find((other) => isSame(circuit, other));
    if (now === undefined) return [];
    const name = `${circuit.model} (${circuit.compiler})`;
    return CIRCUIT_COUNTS.flatMap((key) => changeOf(`${name}: ${key}`, circuit[key], now[key]));
  });
}

function compareGas(before: StudyRun, after: StudyRun): CountChange[] {
  return before.gas.flatMap(({ call, batch, gasUsed }) => {
    const now = after.gas.find((other) => other.call === call && other.batch === batch);
    if (now === undefined || Math.abs(now.gasUsed / gasUsed - 1) < GAS_NOISE) return [];
    return changeOf(`gas: ${call} × ${batch}`, gasUsed, now.gasUsed);
  });
}

function comparePredictions(before: StudyRun, after: StudyRun): CountChange[] {
  return before.models.flatMap(({ name, accuracy }) => {
    const now = after.models.find((other) => other.name === name)?.accuracy;
    if (accuracy === null || now == null || now.samples !== accuracy.samples) return [];
    return changeOf(`${name}: changed predictions`, accuracy.changed, now.changed);
  });
}

function changeOf(what: string, before: number, after: number): CountChange[] {
  return before === after ? [] : [{ what, before, after }];
}

function warningsOf(before: StudyRun, after: StudyRun): string[] {
  const differs = (what: string, a: unknown, b: unknown) =>
    a === b ? [] : [`another ${what}: ${String(a)} before, ${String(b)} after`];
  return [
    ...differs('processor', before.machine.processor, after.machine.processor),
    ...differs('number of cores', before.machine.cores, after.machine.cores),
    ...differs('Node', before.versions.node, after.versions.node),
    ...before.warnings.map((warning) => `before: ${warning}`),
    ...after.warnings.map((warning) => `after: ${warning}`),
  ];
}

/** Whether something got worse: beyond noise, a count that grew, or what could be measured before. */
export function hasRegressed({ figures, counts }: RunComparison): boolean {
  return (
    figures.some(({ verdict }) => verdict === 'worse' || verdict === 'failed') ||
    counts.some(({ before, after }) => after > before)
  );
}

const WORST_FIRST: readonly Verdict[] = [
  'failed',
  'worse',
  'better',
  'only before',
  'only after',
  'too few',
  'same',
];

/** For lists: what got worse first, then as they came. */
export function worstFirst(changes: readonly FigureChange[]): FigureChange[] {
  const place = ({ verdict }: FigureChange) => WORST_FIRST.indexOf(verdict);
  return [...changes].sort((a, b) => place(a) - place(b));
}
