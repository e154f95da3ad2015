/** How much of a study is done, guessed from the sizes of its models: for the time that is left. */
import type { BenchModel } from '../models/bench-model.ts';
import { PHASES, type Phase } from './study-run.ts';

/** Rows that take as long as starting the processes of a model's measurements. */
const STARTING_ROWS = 10_000;

/** Gas, in the same measure. */
const CLOSING_ROWS = 10_000;

/** Of a model's time, in hundredths: as LeNet-5 was seen to spend it. */
const PHASE_SHARES: Readonly<Record<Phase, number>> = {
  compile: 4,
  setup: 17,
  infer: 6,
  witness: 3,
  'prove-cold': 33,
  'prove-warm': 33,
  verify: 4,
};

/** In the order in which a model goes through them. */
const ORDER: readonly Phase[] = [
  'compile',
  'infer',
  'witness',
  'setup',
  'prove-cold',
  'prove-warm',
  'verify',
];

/** Where a study is. */
export interface StudyPlace {
  /** Models before this one are done. */
  readonly model: number;
  /** Phases before this one are done. */
  readonly phase: Phase;
}

/** @returns from 0 to below 1 */
export function studyShare(models: readonly BenchModel[], { model, phase }: StudyPlace): number {
  const sizes = models.map(({ roughRows }) => STARTING_ROWS + roughRows);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const before = ORDER.slice(0, ORDER.indexOf(phase)).map((each) => PHASE_SHARES[each]);
  const inModel = sum(before) / sum(PHASES.map((each) => PHASE_SHARES[each]));
  const done = sum(sizes.slice(0, model)) + inModel * (sizes[model] ?? 0);
  return done / (sum(sizes) + CLOSING_ROWS);
}
