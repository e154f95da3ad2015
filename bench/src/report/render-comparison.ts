import { threeDigits } from '../format-measure.ts';
import { renderTable } from '../render-markdown.ts';
import {
  type FigureChange,
  type RunComparison,
  type Verdict,
  worstFirst,
} from '../study/compare-runs.ts';
import { formatBytes, formatCount, formatTime } from './format-figure.ts';
import { NONE, tableOf } from './table-parts.ts';

/** A comparison as Markdown: what got worse first, counts that differ, why to doubt it. */
export function renderComparison({ figures, counts, warnings }: RunComparison): string {
  const names = ['model', 'phase', 'compiler', 'engine', 'quantity', 'beyond noise'];
  const figureTable = tableOf(
    names,
    ['before', 'after', 'after / before'],
    worstFirst(figures).map((change) => [
      change.key.model,
      change.key.phase,
      change.key.compiler,
      change.key.engine,
      change.quantity,
      change.verdict === 'same' ? '' : change.verdict,
      quantityText(change, change.before),
      quantityText(change, change.after),
      ratioText(change),
    ]),
  );
  const countTable = tableOf(
    ['count'],
    ['before', 'after'],
    counts.map(({ what, before, after }) => [what, formatCount(before), formatCount(after)]),
  );
  const number = (verdict: Verdict) => figures.filter((each) => each.verdict === verdict).length;
  return [
    `${number('worse')} worse, ${number('better')} better, ${number('failed')} failed, ` +
      `of ${figures.length} figures; ${counts.length} counts differ.`,
    ...warnings.map((warning) => `Warning: ${warning}`),
    '',
    renderTable(figureTable),
    ...(counts.length === 0 ? [] : ['', renderTable(countTable)]),
  ].join('\n');
}

function quantityText({ quantity }: FigureChange, value: number | null): string {
  if (value === null) return NONE;
  return quantity === 'time' ? formatTime(value) : formatBytes(value);
}

function ratioText({ before, after }: FigureChange): string {
  return before === null || after === null ? NONE : `${threeDigits(after / before)} ×`;
}
