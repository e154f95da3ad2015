/** Two runs against each other: what is exact must be equal, what is timed is judged by its noise. */
import { type Figure, figuresOf, findFigure, keyText } from './figures.ts';
import type { StudyCircuit, StudyRun } from './study-run.ts';

/** `slower` and `faster`: beyond the noise of both runs. */
export type Verdict = 'same' | 'slower' | 'faster' | 'too few' | 'only before' | 'only after';

/** One timed figure in both runs. */
export interface TimeChange {
  readonly figure: Figure;
  /** Median after by median before; null when one is missing. */
  readonly ratio: number | null;
  readonly verdict: Verdict;
}

/** A count that is not what it was: rows, key size, gas. */
export interface CountChange {
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

/** All that differs, and all that was compared. */
export interface RunComparison {
  readonly times: readonly TimeChange[];
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
    times: compareTimes(figuresOf(before), figuresOf(after)),
    counts: [...compareCircuits(before, after), ...compareGas(before, after)],
    warnings: warningsOf(before, after),
  };
}

/**
 * Slower if even the fastest sample after is above the slowest before, and the medians are far
 * enough apart: with n samples a side, equal distributions do that once in (2n choose n) times.
 */
function compareTimes(before: readonly Figure[], after: readonly Figure[]): TimeChange[] {
  const changes = before.map((figure): TimeChange => {
    const now = findFigure(after, figure);
    if (now === undefined) return { figure, ratio: null, verdict: 'only before' };
    return {
      figure: now,
      ratio: now.time.median / figure.time.median,
      verdict: judge(figure, now),
    };
  });
  const added = after
    .filter((figure) => findFigure(before, figure) === undefined)
    .map((figure): TimeChange => ({ figure, ratio: null, verdict: 'only after' }));
  return [...changes, ...added];
}

function judge(earlier: Figure, later: Figure): Verdict {
  if (Math.min(earlier.count, later.count) < LEAST_SAMPLES) return 'too few';
  const [before, after] = [earlier.time, later.time];
  const ratio = after.median / before.median;
  if (after.min > before.max && ratio > 1 + LEAST_CHANGE) return 'slower';
  if (after.max < before.min && ratio < 1 / (1 + LEAST_CHANGE)) return 'faster';
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

function changeOf(what: string, before: number, after: number): CountChange[] {
  return before === after ? [] : [{ what, before, after }];
}

function warningsOf(before: StudyRun, after: StudyRun): string[] {
  const differs = (what: string, a: unknown, b: unknown) =>
    a === b ? [] : [`another ${what}: ${String(a)} before, ${String(b)} after`];
  return [
    ...differs('processor', before.machine.processor, after.machine.processor),
    ...differs('number of cores', before.machine.cores, after.machine.cores),
    ...before.warnings.map((warning) => `before: ${warning}`),
    ...after.warnings.map((warning) => `after: ${warning}`),
  ];
}

/** Whether something got worse: slower beyond noise, or a count that grew. */
export function hasRegressed({ times, counts }: RunComparison): boolean {
  return (
    times.some(({ verdict }) => verdict === 'slower') ||
    counts.some(({ before, after }) => after > before)
  );
}

/** For lists: the slower ones first, then as they came. */
export function worstFirst(changes: readonly TimeChange[]): TimeChange[] {
  const order: readonly Verdict[] = [
    'slower',
    'faster',
    'only before',
    'only after',
    'too few',
    'same',
  ];
  return [...changes].sort(
    (a, b) =>
      order.indexOf(a.verdict) - order.indexOf(b.verdict) ||
      keyText(a.figure).localeCompare(keyText(b.figure)),
  );
}
