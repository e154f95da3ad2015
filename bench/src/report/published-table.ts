import { formatCount, formatTime } from './format-figure.ts';
import { PUBLISHED_FIGURES } from './published-figures.ts';
import { NONE, type ReportTable } from './table-parts.ts';

/** Figures of others: on its own, never beside ours. */
export function publishedTable(): ReportTable {
  const orNone = (value: number | null, format: (value: number) => string) =>
    value === null ? NONE : format(value);
  return {
    title: 'Published by others, not measured here',
    table: {
      columns: [
        ...['model', 'system'].map((title) => ({ title, align: 'left' }) as const),
        ...['constraints', 'setup', 'proof', 'memory', 'proof size'].map(
          (title) => ({ title, align: 'right' }) as const,
        ),
        ...['hardware', 'source'].map((title) => ({ title, align: 'left' }) as const),
      ],
      rows: PUBLISHED_FIGURES.map((figure) => [
        figure.model,
        figure.system,
        orNone(figure.constraints, formatCount),
        orNone(figure.setupSeconds, (seconds) => formatTime(seconds * 1000)),
        formatTime(figure.proveSeconds * 1000),
        orNone(figure.memoryGb, (gigabytes) => `${gigabytes} GB`),
        orNone(figure.proofKb, (kilobytes) => `${kilobytes} kB`),
        figure.hardware ?? 'not stated',
        figure.source,
      ]),
    },
    notes: [
      'Other machines, other quantisation and other statements: for orientation, not for ratios.',
    ],
  };
}
