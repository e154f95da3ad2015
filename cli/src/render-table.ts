import Table from 'cli-table3';

/** A column's heading; numbers are aligned to the right. */
export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * A table as plain lines, headings underlined: readable in a terminal, a log and a mail alike. No
 * trailing newline.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const rule = columns.map(({ heading }, i) =>
    heading === '' ? '' : '─'.repeat(widest([heading, ...rows.map((row) => row[i] ?? '')])),
  );
  const table = new Table({
    chars: NO_BORDERS,
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(
    columns.map(({ heading }) => heading),
    rule,
    ...rows.map((row) => [...row]),
  );
  return trimLines(table.toString());
}

/** `label  value` lines with the values in one column. */
export function renderFacts(facts: readonly (readonly [string, string])[]): string {
  const width = Math.max(...facts.map(([label]) => label.length));
  return facts.map(([label, value]) => `${label.padEnd(width)}  ${value}`.trimEnd()).join('\n');
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
