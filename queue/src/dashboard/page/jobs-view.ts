/** The list of jobs: filtered by status, a page at a time, and the search. */
import type { JobList, JobView, Overview } from '@zkinfer/core/service';
import { formatSeconds } from '../figures/format-duration.ts';
import { formatCount } from '../figures/format-quantity.ts';
import { formatTime } from '../figures/format-time.ts';
import { shorten } from '../figures/shorten.ts';
import { STATUS_WORDS } from '../figures/words.ts';
import { byId, element, setAttribute, setText } from './element.ts';
import { showJobLink } from './job-link.ts';
import { showMeter } from './meter-view.ts';
import type { JobListQuery } from './service-client.ts';
import { type Column, TableView } from './table-view.ts';

type Status = JobView['status'];

/** A page's length: what a screen or two hold. */
const PAGE_LENGTH = 25;

const STATUSES = Object.keys(STATUS_WORDS) as Status[];

/** A job, and the service's time. */
interface JobRow {
  readonly job: JobView;
  readonly now: number;
}

/** The table of jobs with what chooses them. `changed` is told when another page is wanted. */
export class JobsView {
  readonly #changed: () => void;
  readonly #element = byId('jobs-table', HTMLTableElement);
  readonly #empty = byId('jobs-empty', HTMLElement);
  readonly #newest = byId('jobs-newest', HTMLButtonElement);
  readonly #older = byId('jobs-older', HTMLButtonElement);
  readonly #chips: ReadonlyMap<Status | undefined, HTMLButtonElement>;
  readonly #table: TableView<JobRow>;
  #status: Status | undefined;
  #after: string | undefined;
  #next: string | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#table = new TableView<JobRow>({
      table: this.#element,
      columns: COLUMNS,
      keyOf: ({ job }) => job.id,
    });
    this.#chips = new Map([undefined, ...STATUSES].map((status) => [status, this.#chip(status)]));
    this.#newest.addEventListener('click', () => this.#turnTo(undefined));
    this.#older.addEventListener('click', () => this.#turnTo(this.#next));
  }

  /** The page that is looked at. */
  get query(): JobListQuery {
    return { status: this.#status, limit: PAGE_LENGTH, after: this.#after };
  }

  showCounts({ jobs }: Overview): void {
    const counts = new Map<Status | undefined, number>();
    counts.set(
      undefined,
      jobs.reduce((all, { count }) => all + count, 0),
    );
    for (const { status, count } of jobs) counts.set(status, count);
    for (const [status, chip] of this.#chips) {
      setText(chip.lastElementChild!, formatCount(counts.get(status) ?? 0));
    }
  }

  /** Shows the answer to `query`; an answer to an earlier one is left out. */
  show(query: JobListQuery, { jobs, next }: JobList, now: number): void {
    if (query.status !== this.#status || query.after !== this.#after) return;
    this.#next = next ?? undefined;
    this.#table.show(jobs.map((job) => ({ job, now })));
    this.#newest.disabled = this.#after === undefined;
    this.#older.disabled = this.#next === undefined;
    this.#element.hidden = jobs.length === 0;
    this.#empty.hidden = jobs.length > 0;
    setText(this.#empty, this.#emptyText());
  }

  /** The service refuses this page, such as one that begins after a job that is gone. */
  showRefusal(query: JobListQuery, reason: string): void {
    if (query.after !== undefined) {
      this.#turnTo(undefined);
      return;
    }
    this.#element.hidden = true;
    this.#empty.hidden = false;
    setText(this.#empty, `The service does not list them: ${reason}.`);
  }

  #emptyText(): string {
    if (this.#next !== undefined) return 'None among the latest jobs; look among older ones.';
    if (this.#after !== undefined) return 'There are no older jobs.';
    if (this.#status !== undefined) return `No job is ${this.#status}.`;
    return 'No job has come yet. Jobs come from requests on a chain, or over HTTP by POST /v1/jobs.';
  }

  #turnTo(after: string | undefined): void {
    this.#after = after;
    this.#changed();
  }

  #chip(status: Status | undefined): HTMLButtonElement {
    const title = status === undefined ? 'every job' : STATUS_WORDS[status];
    const chip = element(
      'button',
      { class: 'chip', attributes: { type: 'button', title } },
      element('span', { text: status ?? 'all' }),
      element('span', { class: 'count', text: '0' }),
    );
    setAttribute(chip, 'aria-pressed', String(status === this.#status));
    chip.addEventListener('click', () => this.#choose(status));
    return byId('jobs-filter', HTMLElement).appendChild(chip);
  }

  #choose(status: Status | undefined): void {
    this.#status = status;
    for (const [one, chip] of this.#chips) {
      setAttribute(chip, 'aria-pressed', String(one === status));
    }
    this.#turnTo(undefined);
  }
}

const COLUMNS: readonly Column<JobRow>[] = [
  { title: 'Job', width: 10, fill: (cell, { job }) => showJobLink(cell, job.id) },
  { title: 'Status', fill: fillStatus },
  { title: 'Stage', width: 9, fill: fillStage },
  {
    title: 'From',
    width: 7.5,
    fill: (cell, { job: { chain } }) => {
      setText(cell, chain === null ? 'HTTP' : `chain ${chain.chainId}`);
    },
  },
  {
    title: 'Model',
    fill: (cell, { job: { modelDigest } }) => {
      setAttribute(cell, 'title', modelDigest);
      setText(cell, shorten(modelDigest, 8, 0));
    },
  },
  {
    title: 'Submitted',
    width: 8,
    fill: (cell, { job, now }) => setText(cell, formatTime(job.createdAt, now)),
  },
  {
    title: 'Took',
    width: 6.5,
    numeric: true,
    fill: (cell, { job, now }) => {
      const end = job.status === 'active' ? now : job.updatedAt;
      setText(cell, formatSeconds(end - job.createdAt));
    },
  },
  { title: 'Outcome', wide: true, fill: (cell, { job }) => setText(cell, job.outcomeCode ?? '–') },
];

function fillStatus(cell: HTMLElement, { job: { status } }: JobRow): void {
  const badge = cell.firstElementChild ?? cell.appendChild(element('span'));
  setAttribute(badge, 'class', `badge ${status}`);
  setAttribute(badge, 'title', STATUS_WORDS[status]);
  setText(badge, status);
}

function fillStage(cell: HTMLElement, { job }: JobRow): void {
  const { stage, attempt, progress, route, status } = job;
  const stagesDone =
    status === 'done' ? route.length : route.indexOf(stage) + (progress?.done ?? 0);
  const tries = attempt > 1 ? `, try ${attempt}` : '';
  showMeter(cell, { share: stagesDone / route.length, text: stage + tries });
}
