/** What the tables of a report are made from. */
import { threeDigits } from '../format-measure.ts';
import type { Table } from '../render-markdown.ts';
import { type Figure, type FigureKey, pairRatio } from '../study/figures.ts';
import type { StudyModel, StudyRun } from '../study/study-run.ts';
import { formatBytes, formatCount } from './format-figure.ts';

/** A table with what stands above and below it. */
export interface ReportTable {
  readonly title: string;
  readonly table: Table;
  readonly notes: readonly string[];
}

/** The engine that ratios are about. */
export const OUR_ENGINE = 'wasm';

/** The compiler that ratios are about. */
export const OUR_COMPILER = 'zkinfer';

/** Stands for what was not measured. */
export const NONE = '–';

/** The description of a model that has circuits. */
export function modelOf({ models }: StudyRun, name: string): StudyModel {
  return models.find((model) => model.name === name)!;
}

/** Of an interrupted run, a model may have samples and no description yet. */
export function titleOf({ models }: StudyRun, name: string): string {
  return models.find((model) => model.name === name)?.title ?? name;
}

/** How much longer the other takes, with the least and largest ratio of the rounds. */
export function ratioText(
  run: StudyRun,
  other: FigureKey,
  ours: FigureKey,
  measure: 'milliseconds' | 'cpuMilliseconds',
): string {
  const ratio = pairRatio(run, other, ours, measure);
  if (ratio === undefined) return NONE;
  return `${threeDigits(ratio.ratio)} × (${threeDigits(ratio.min)} – ${threeDigits(ratio.max)})`;
}

/** The peak of memory, where it is known. */
export function peakText(figure: Figure | undefined): string {
  return figure?.memory == null ? NONE : formatBytes(figure.memory.max);
}

/** A multiple of the plain inference, to three digits: it is no exact figure. */
export function premiumText(premium: number | null): string {
  return premium === null ? NONE : `${formatCount(Number(premium.toPrecision(3)))} ×`;
}

/** A table: names to the left, numbers to the right. */
export function tableOf(
  names: readonly string[],
  numbers: readonly string[],
  rows: readonly (readonly string[])[],
): Table {
  const columns = [
    ...names.map((title) => ({ title, align: 'left' }) as const),
    ...numbers.map((title) => ({ title, align: 'right' }) as const),
  ];
  return { columns, rows };
}
