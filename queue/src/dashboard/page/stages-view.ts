/** Queue depth and latency of each stage. */
import type { Overview } from '@zkinfer/core/service';
import { formatDuration } from '../figures/format-duration.ts';
import { formatCount } from '../figures/format-quantity.ts';
import { STAGE_WORDS } from '../figures/words.ts';
import { byId, element, setText } from './element.ts';
import { showParts } from './meter-view.ts';
import { type Column, TableView } from './table-view.ts';

type Queue = Overview['queues'][number];

/** One stage; `deepest` is the largest queue of all stages, which fills its bar. */
interface StageRow {
  readonly queue: Queue;
  readonly latency: Overview['latencies'][number] | undefined;
  readonly deepest: number;
}

/** The table of stages. */
export class StagesView {
  readonly #table = new TableView<StageRow>({
    table: byId('stages-table', HTMLTableElement),
    columns: COLUMNS,
    keyOf: ({ queue }) => queue.stage,
  });

  show({ queues, latencies }: Overview): void {
    const deepest = Math.max(1, ...queues.map(depthOf));
    this.#table.show(
      queues.map((queue) => {
        return { queue, latency: latencies.find(({ stage }) => stage === queue.stage), deepest };
      }),
    );
  }
}

const COLUMNS: readonly Column<StageRow>[] = [
  { title: 'Stage', wide: true, width: 13, fill: fillName },
  {
    title: 'Queue',
    wide: true,
    fill: (cell, { queue: { running, waiting, delayed }, deepest }) => {
      const parts = [
        { kind: 'running', count: running },
        { kind: 'waiting', count: waiting },
        { kind: 'delayed', count: delayed },
      ];
      showParts(cell, parts, deepest);
    },
  },
  countColumn('Running', ({ queue }) => queue.running),
  countColumn('Waiting', ({ queue }) => queue.waiting),
  countColumn('Delayed', ({ queue }) => queue.delayed),
  timeColumn('p50', 'p50Ms'),
  timeColumn('p95', 'p95Ms'),
  timeColumn('p99', 'p99Ms'),
  countColumn('Done', ({ latency }) => latency?.count ?? 0),
];

function depthOf({ waiting, delayed, running }: Queue): number {
  return waiting + delayed + running;
}

function fillName(cell: HTMLElement, { queue: { stage } }: StageRow): void {
  if (cell.firstElementChild !== null) return;
  cell.append(
    element('b', { text: stage }),
    element('span', { class: 'quiet', text: STAGE_WORDS[stage] }),
  );
}

function countColumn(title: string, count: (row: StageRow) => number): Column<StageRow> {
  return { title, numeric: true, fill: (cell, row) => setText(cell, formatCount(count(row))) };
}

function timeColumn(title: string, key: 'p50Ms' | 'p95Ms' | 'p99Ms'): Column<StageRow> {
  return {
    title,
    numeric: true,
    fill: (cell, { latency }) => {
      const known = latency !== undefined && latency.count > 0;
      setText(cell, known ? formatDuration(latency[key]) : '–');
    },
  };
}
