/** One job in full: facts, timeline, statement, proof, chain, events, and what to do about it. */
import type { JobView, Overview } from '@zkinfer/core/service';
import { formatTime } from '../figures/format-time.ts';
import { jobOfFragment } from '../figures/job-address.ts';
import { shorten } from '../figures/shorten.ts';
import { byId, element, setAttribute, setText } from './element.ts';
import { FactList } from './fact-list.ts';
import { JobActions } from './job-actions.ts';
import { chainFacts, jobFacts, statementFacts } from './job-facts.ts';
import { JobUpdates } from './job-updates.ts';
import { proofElement } from './proof-view.ts';
import { fetchResult, RefusalError } from './service-client.ts';
import type { ServiceClock } from './service-clock.ts';
import { TableView } from './table-view.ts';
import { TimelineView } from './timeline-view.ts';

/** An event, with its place among the job's events and the service's time. */
interface EventRow {
  readonly event: JobView['events'][number];
  readonly index: number;
  readonly now: number;
}

/** The dialog, open while the page's address names a job. */
export class JobDialog {
  readonly #clock: ServiceClock;
  readonly #dialog = byId('job', HTMLDialogElement);
  readonly #body = byId('job-body', HTMLElement);
  readonly #said = byId('job-said', HTMLElement);
  readonly #status = byId('job-status', HTMLElement);
  readonly #proof = byId('job-proof', HTMLElement);
  readonly #chainPart = byId('job-chain-part', HTMLElement);
  readonly #facts = new FactList(byId('job-facts', HTMLElement));
  readonly #statement = new FactList(byId('job-statement', HTMLElement));
  readonly #chain = new FactList(byId('job-chain', HTMLElement));
  readonly #timeline = new TimelineView();
  readonly #events = eventTable();
  readonly #actions: JobActions;
  #workers: Overview['workers'] = [];
  #updates: JobUpdates | undefined;
  #job: JobView | undefined;
  #proofOf: string | undefined;

  constructor(clock: ServiceClock) {
    this.#clock = clock;
    this.#actions = new JobActions({
      say: (text) => setText(this.#said, text),
      done: () => this.#updates?.ask(),
    });
    byId('job-close', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('close', () => this.#leave());
    addEventListener('hashchange', () => this.#follow());
    this.#follow();
  }

  /** Redraws what grows with time, and who works on it. */
  refresh({ workers }: Overview): void {
    this.#workers = workers;
    if (this.#job !== undefined) this.#show(this.#job);
  }

  /** Opens what the address names. */
  #follow(): void {
    const id = jobOfFragment(location.hash);
    this.#updates?.stop();
    this.#job = undefined;
    this.#proofOf = undefined;
    if (id === undefined) {
      this.#dialog.close();
      return;
    }
    setText(byId('job-title', HTMLElement), `Job ${shorten(id)}`);
    setText(this.#said, 'Asking for the job …');
    this.#body.hidden = true;
    this.#status.hidden = true;
    this.#proof.replaceChildren();
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#updates = new JobUpdates(id, {
      update: (job) => this.#take(job),
      failed: (error) => this.#refused(error),
    });
  }

  #leave(): void {
    this.#updates?.stop();
    this.#job = undefined;
    if (jobOfFragment(location.hash) === undefined) return;
    history.replaceState(null, '', location.pathname + location.search);
  }

  #take(job: JobView): void {
    const isNews = this.#job?.status !== job.status || this.#job.stage !== job.stage;
    this.#job = job;
    if (isNews) setText(this.#said, describeState(job));
    this.#body.hidden = false;
    this.#status.hidden = false;
    this.#show(job);
    if (job.hasProof) void this.#showProof(job.id);
  }

  #show(job: JobView): void {
    const now = this.#clock.now();
    setText(this.#status, job.status);
    setAttribute(this.#status, 'class', `badge ${job.status}`);
    this.#actions.show(job);
    this.#facts.show(jobFacts(job, now, this.#workers));
    this.#timeline.show(job, now);
    this.#statement.show(statementFacts(job));
    this.#chainPart.hidden = job.chain === null;
    this.#chain.show(job.chain === null ? [] : chainFacts(job.chain, job.status !== 'active'));
    this.#events.show(job.events.map((event, index) => ({ event, index, now })));
  }

  /** Once a job: proofs do not change. */
  async #showProof(id: string): Promise<void> {
    if (this.#proofOf === id) return;
    this.#proofOf = id;
    const shown = await fetchResult(id).then(proofElement, refusalElement);
    if (this.#proofOf === id) this.#proof.replaceChildren(shown);
  }

  #refused(error: unknown): void {
    setText(this.#said, describeRefusal(error));
  }
}

function eventTable(): TableView<EventRow> {
  return new TableView<EventRow>({
    table: byId('job-events', HTMLTableElement),
    columns: [
      { title: 'Time', fill: (cell, { event, now }) => setText(cell, formatTime(event.at, now)) },
      { title: 'Stage', fill: (cell, { event }) => setText(cell, event.stage) },
      { title: 'Try', numeric: true, fill: (cell, { event }) => setText(cell, `${event.attempt}`) },
      { title: 'What', fill: (cell, { event }) => setText(cell, event.what) },
      { title: 'Code', wide: true, fill: (cell, { event }) => setText(cell, event.code ?? '–') },
    ],
    keyOf: ({ index }) => String(index),
  });
}

function describeState({ status, stage }: JobView): string {
  return status === 'active' ? `Now at ${stage}.` : `Ended at ${stage}: ${status}.`;
}

function refusalElement(error: unknown): HTMLElement {
  return element('p', {
    class: 'answer',
    text: `The proof is not shown: ${describeRefusal(error)}`,
  });
}

function describeRefusal(error: unknown): string {
  if (!(error instanceof RefusalError)) return String(error);
  return [`${error.message} (${error.code}).`, error.hint ?? ''].join(' ').trim();
}
