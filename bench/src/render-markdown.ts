/** Tables as Markdown that is readable as it is. */

/** A table; numbers are aligned right. */
export interface Table {
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
}

/** @throws RangeError if a row has another length than the head */
export function renderTable({ columns, rows }: Table): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  for (const row of cells) {
    if (row.length !== columns.length) {
      throw new RangeError(`renderTable: ${row.length} cells in ${columns.length} columns`);
    }
  }
  const widths = columns.map(({ title }, i) =>
    Math.max(3, title.length, ...cells.map((row) => row[i]!.length)),
  );
  const pad = (cell: string, i: number) =>
    columns[i]!.align === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
  const line = (row: readonly string[]) => `| ${row.map(pad).join(' | ')} |`;
  const rule = columns.map(({ align }, i) => {
    const dashes = '-'.repeat(widths[i]! - 1);
    return align === 'right' ? `${dashes}:` : `${dashes}-`;
  });
  return [
    line(columns.map(({ title }) => title)),
    `| ${rule.join(' | ')} |`,
    ...cells.map(line),
  ].join('\n');
}
