/** From the samples of a run to the figures that are shown. */
import { compareSamples, type Ratio, type Summary, summarize } from '../summarize.ts';
import { PHASES, type Phase, type Sample, type StudyRun } from './study-run.ts';

/** Whose samples of what. */
export interface FigureKey {
  readonly model: string;
  readonly compiler: string;
  readonly engine: string;
  readonly phase: Phase;
}

/** What the samples of one key say. */
export interface Figure extends FigureKey {
  /** Wall time, milliseconds. */
  readonly time: Summary;
  /** Samples. */
  readonly count: number;
  /** Median of the time of all cores, milliseconds; null where nobody tells. */
  readonly cpu: number | null;
  /** Peaks of the samples, bytes, whole process tree; null where nobody tells. */
  readonly memory: Summary | null;
}

/** Who is named first where several did the same. */
const OURS: readonly string[] = ['zkinfer', 'wasm'];

/** All figures of a run: models as they came, phases in order, ours first. */
export function figuresOf(run: StudyRun): Figure[] {
  const groups = new Map<string, Sample[]>();
  for (const sample of run.samples) {
    const key = keyText(sample);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sample]);
    else group.push(sample);
  }
  return inOrder([...groups.values()].map(figureOf));
}

/** The figure of a key; undefined when there are no samples. */
export function findFigure(figures: readonly Figure[], key: FigureKey): Figure | undefined {
  const text = keyText(key);
  return figures.find((figure) => keyText(figure) === text);
}

/**
 * How many times as long `other` took as `ours`, from the rounds in which both ran; undefined when
 * there are none.
 */
export function pairRatio(
  run: StudyRun,
  other: FigureKey,
  ours: FigureKey,
  measure: 'milliseconds' | 'cpuMilliseconds' = 'milliseconds',
): Ratio | undefined {
  const [theirs, own] = [byRound(run, other, measure), byRound(run, ours, measure)];
  const rounds = [...theirs.keys()].filter((round) => own.has(round));
  if (rounds.length === 0) return undefined;
  return compareSamples(
    rounds.map((round) => theirs.get(round)!),
    rounds.map((round) => own.get(round)!),
  );
}

/** One line for a key, the same for equal keys. */
export function keyText({ model, compiler, engine, phase }: FigureKey): string {
  return JSON.stringify([model, compiler, engine, phase]);
}

function figureOf(samples: readonly Sample[]): Figure {
  const { model, compiler, engine, phase } = samples[0]!;
  const cpu = samples.flatMap(({ cpuMilliseconds }) => cpuMilliseconds ?? []);
  const peaks = samples.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    model,
    compiler,
    engine,
    phase,
    time: summarize(samples.map(({ milliseconds }) => milliseconds)),
    count: samples.length,
    cpu: cpu.length === 0 ? null : summarize(cpu).median,
    memory: peaks.length === 0 ? null : summarize(peaks),
  };
}

/** Whoever was measured first is chance: everyone is first in turn. */
function inOrder(figures: readonly Figure[]): Figure[] {
  const models = [...new Set(figures.map(({ model }) => model))];
  const rank = ({ model, phase, compiler, engine }: Figure) => [
    models.indexOf(model),
    PHASES.indexOf(phase),
    OURS.includes(compiler) ? 0 : 1,
    OURS.includes(engine) ? 0 : 1,
  ];
  return [...figures].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    const place = first.findIndex((value, i) => value !== second[i]);
    return place < 0 ? a.engine.localeCompare(b.engine) : first[place]! - second[place]!;
  });
}

function byRound(
  run: StudyRun,
  key: FigureKey,
  measure: 'milliseconds' | 'cpuMilliseconds',
): Map<number, number> {
  const text = keyText(key);
  return new Map(
    run.samples
      .filter((sample) => keyText(sample) === text)
      .flatMap(({ round, [measure]: value }) => (value === null ? [] : [[round, value] as const])),
  );
}
