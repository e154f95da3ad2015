/** The workers: what they run on, how busy they are, what they do. */
import type { Overview, WorkerStatus } from '@zkinfer/core/service';
import { formatSeconds } from '../figures/format-duration.ts';
import { formatBytes, formatCount } from '../figures/format-quantity.ts';
import { shorten } from '../figures/shorten.ts';
import { describeBackends, workerState } from '../figures/worker-state.ts';
import { byId, element, setAttribute, setText } from './element.ts';
import { showJobLink } from './job-link.ts';
import { KeyedChildren } from './keyed-children.ts';
import { showMeter } from './meter-view.ts';
import { type Column, TableView } from './table-view.ts';

/** Above these the bars warn. */
const HIGH_LOAD = 1.5;
const HIGH_MEMORY = 0.9;

/** A worker, and the service's time. */
interface WorkerRow {
  readonly worker: WorkerStatus;
  readonly now: number;
}

type RunningTask = WorkerStatus['running'][number];

/** The table of workers. */
export class WorkersView {
  readonly #empty = byId('workers-empty', HTMLElement);
  readonly #element = byId('workers-table', HTMLTableElement);
  readonly #table = new TableView<WorkerRow>({
    table: this.#element,
    columns: columns(),
    keyOf: ({ worker }) => worker.workerId,
    classOf: ({ worker, now }) => workerState(worker, now),
  });

  show({ workers, at }: Overview): void {
    const sorted = workers.toSorted((a, b) => (a.workerId < b.workerId ? -1 : 1));
    this.#table.show(sorted.map((worker) => ({ worker, now: at })));
    this.#element.hidden = workers.length === 0;
    this.#empty.hidden = workers.length > 0;
  }
}

function columns(): readonly Column<WorkerRow>[] {
  return [
    { title: 'Worker', wide: true, fill: fillName },
    { title: 'Engine', wide: true, fill: fillEngine },
    { title: 'State', width: 9, fill: fillState },
    { title: 'Load a core', width: 7, fill: fillLoad },
    { title: 'Memory', width: 9, fill: fillMemory },
    { title: 'At work on', wide: true, fill: fillRunning },
    {
      title: 'Proofs',
      width: 5,
      numeric: true,
      fill: (cell, { worker }) => setText(cell, formatCount(worker.proofsDone)),
    },
    {
      title: 'Failed',
      width: 5,
      numeric: true,
      fill: (cell, { worker }) => setText(cell, formatCount(worker.tasksFailed)),
    },
  ];
}

function fillName(cell: HTMLElement, { worker }: WorkerRow): void {
  const { workerId, host, processId, version } = worker;
  showTwoLines(cell, workerId, `${host}, process ${processId}, ${version}`);
}

function fillState(cell: HTMLElement, { worker, now }: WorkerRow): void {
  const badge = cell.firstElementChild ?? cell.appendChild(element('span'));
  const seen = cell.children[1] ?? cell.appendChild(element('span', { class: 'quiet' }));
  const state = workerState(worker, now);
  setText(badge, state);
  setAttribute(badge, 'class', `badge ${state}`);
  setText(seen, `seen ${formatSeconds(now - worker.at)} ago`);
}

function fillEngine(cell: HTMLElement, { worker }: WorkerRow): void {
  const { engine, backends, allowedModels, unusableModels } = worker;
  const models = allowedModels === null ? '' : `, allowed models: ${allowedModels.length}`;
  showTwoLines(cell, engine, (describeBackends(backends) || 'no model yet') + models);
  const trouble = cell.children[2] ?? cell.appendChild(element('span', { class: 'trouble' }));
  const unusable = unusableModels.map(
    ({ modelDigest, code }) => `${shorten(modelDigest)}: ${code}`,
  );
  setText(trouble, unusable.join(', '));
}

function fillLoad(cell: HTMLElement, { worker }: WorkerRow): void {
  const { loadPerCore } = worker;
  showMeter(cell, { share: loadPerCore, text: loadPerCore.toFixed(2), high: HIGH_LOAD });
}

function fillMemory(cell: HTMLElement, { worker }: WorkerRow): void {
  const { memoryBytes, memoryLimitBytes } = worker;
  const text = `${formatBytes(memoryBytes)} of ${formatBytes(memoryLimitBytes)}`;
  const share = memoryLimitBytes === 0 ? 0 : memoryBytes / memoryLimitBytes;
  showMeter(cell, { share, text, high: HIGH_MEMORY });
}

const RUNNING = new WeakMap<HTMLElement, KeyedChildren<RunningRow, HTMLElement>>();

/** A task, and the service's time. */
interface RunningRow {
  readonly task: RunningTask;
  readonly now: number;
}

function fillRunning(cell: HTMLElement, { worker, now }: WorkerRow): void {
  const slots = cell.firstElementChild ?? cell.appendChild(element('span', { class: 'quiet' }));
  const list = cell.children[1] ?? cell.appendChild(element('ul', { class: 'tasks' }));
  setText(slots, `${worker.running.length} of ${worker.concurrency} slots`);
  const children = RUNNING.get(cell) ?? runningChildren(list as HTMLElement);
  RUNNING.set(cell, children);
  children.show(worker.running.map((task) => ({ task, now })));
}

function runningChildren(parent: HTMLElement): KeyedChildren<RunningRow, HTMLElement> {
  return new KeyedChildren<RunningRow, HTMLElement>({
    parent,
    keyOf: ({ task }) => `${task.jobId} ${task.stage}`,
    create: () => element('li', {}, element('span'), element('span')),
    update: fillTask,
  });
}

function fillTask(item: HTMLElement, { task, now }: RunningRow): void {
  const [name, meter] = item.children as unknown as [HTMLElement, HTMLElement];
  showJobLink(name, task.jobId, `${task.stage} `);
  const { progress } = task;
  const age = formatSeconds(now - task.since);
  showMeter(meter, { share: progress?.done ?? 0, text: `${progress?.step ?? ''} ${age}`.trim() });
}

function showTwoLines(cell: HTMLElement, first: string, second: string): void {
  const strong = cell.firstElementChild ?? cell.appendChild(element('b'));
  const quiet = cell.children[1] ?? cell.appendChild(element('span', { class: 'quiet' }));
  setText(strong, first);
  setText(quiet, second);
}
