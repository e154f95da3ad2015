/** A table whose rows follow data. On narrow screens the style sheet shows each row as a card. */
import { element, setAttribute } from './element.ts';
import { KeyedChildren } from './keyed-children.ts';

/** Of a column that is not wide, in rem. */
const COLUMN_WIDTH = 6;

/** A column: its heading, and how its cell is filled, again and again. */
export interface Column<Item> {
  readonly title: string;
  /** Of the column in rem, whatever stands in it, so that a refresh moves nothing. */
  readonly width?: number;
  /** Figures stand at the right. */
  readonly numeric?: boolean;
  /** For text of any length: shares the width that is left, has a line of its own on a card. */
  readonly wide?: boolean;
  fill(cell: HTMLElement, item: Item): void;
}

/** What a table shows. */
export interface TableOptions<Item> {
  /** An empty `table` of the page. */
  readonly table: HTMLTableElement;
  readonly columns: readonly Column<Item>[];
  keyOf(item: Item): string;
  /** Classes of a row, such as `stale`. */
  classOf?(item: Item): string;
}

/** Rows that are filled anew at every `show`, and stay the same elements. */
export class TableView<Item> {
  readonly #rows: KeyedChildren<Item, HTMLTableRowElement>;

  constructor({ table, columns, keyOf, classOf }: TableOptions<Item>) {
    const body = element('tbody', { attributes: { role: 'rowgroup' } });
    // The roles are told since tables that are shown as blocks lose them.
    table.setAttribute('role', 'table');
    table.append(headOf(columns), body);
    this.#rows = new KeyedChildren<Item, HTMLTableRowElement>({
      parent: body,
      keyOf,
      create: () => rowOf(columns),
      update: (row, item) => {
        if (classOf !== undefined) setAttribute(row, 'class', classOf(item));
        for (const [index, column] of columns.entries()) {
          column.fill(row.children[index] as HTMLElement, item);
        }
      },
    });
  }

  show(items: readonly Item[]): void {
    this.#rows.show(items);
  }
}

function headOf<Item>(columns: readonly Column<Item>[]): HTMLElement {
  const row = element('tr', { attributes: { role: 'row' } }, ...columns.map(headingOf));
  return element('thead', { attributes: { role: 'rowgroup' } }, row);
}

function headingOf<Item>(column: Column<Item>): HTMLElement {
  const { title, wide, width = wide ? undefined : COLUMN_WIDTH } = column;
  const attributes = { scope: 'col', role: 'columnheader' };
  const heading = element('th', { text: title, class: classOf(column), attributes });
  if (width !== undefined) heading.style.width = `${width}rem`;
  return heading;
}

function rowOf<Item>(columns: readonly Column<Item>[]): HTMLTableRowElement {
  const cells = columns.map((column) =>
    element('td', {
      class: classOf(column),
      attributes: { role: 'cell', 'data-title': column.title },
    }),
  );
  return element('tr', { attributes: { role: 'row' } }, ...cells);
}

function classOf<Item>({ numeric, wide }: Column<Item>): string {
  if (wide) return 'wide';
  return numeric ? 'numeric' : '';
}
