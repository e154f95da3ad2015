import { threeDigits } from '../format-measure.ts';
import { renderTable } from '../render-markdown.ts';
import { type RunComparison, worstFirst } from '../study/compare-runs.ts';
import { formatCount, formatTime } from './format-figure.ts';

const TIME_COLUMNS = ['model', 'compiler', 'engine', 'phase'];

/** A comparison as Markdown: what got slower first, counts that differ, why to doubt it. */
export function renderComparison({ times, counts, warnings }: RunComparison): string {
  const timeTable = renderTable({
    columns: [
      ...TIME_COLUMNS.map((title) => ({ title, align: 'left' }) as const),
      { title: 'now', align: 'right' },
      { title: 'after / before', align: 'right' },
      { title: 'beyond noise', align: 'left' },
    ],
    rows: worstFirst(times).map(({ figure, ratio, verdict }) => [
      figure.model,
      figure.compiler,
      figure.engine,
      figure.phase,
      formatTime(figure.time.median),
      ratio === null ? '–' : `${threeDigits(ratio)} ×`,
      verdict === 'same' ? '' : verdict,
    ]),
  });
  const countTable = renderTable({
    columns: [
      { title: 'count', align: 'left' },
      { title: 'before', align: 'right' },
      { title: 'after', align: 'right' },
    ],
    rows: counts.map(({ what, before, after }) => [what, formatCount(before), formatCount(after)]),
  });
  const slower = times.filter(({ verdict }) => verdict === 'slower').length;
  const faster = times.filter(({ verdict }) => verdict === 'faster').length;
  return [
    `${slower} slower, ${faster} faster, of ${times.length} figures; ${counts.length} counts differ.`,
    ...warnings.map((warning) => `Warning: ${warning}`),
    '',
    timeTable,
    ...(counts.length === 0 ? [] : ['', countTable]),
  ].join('\n');
}
