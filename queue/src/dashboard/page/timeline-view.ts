/** A job's timeline as bars, a line for each stage. */
import type { JobView } from '@zkinfer/core/service';
import { formatDuration, formatSeconds } from '../figures/format-duration.ts';
import { timeTicks } from '../figures/time-ticks.ts';
import { nextTryAt, type TimelineBar, type TimelineRow, timelineOf } from '../figures/timeline.ts';
import { byId, element, setAttribute, setText } from './element.ts';
import { KeyedChildren } from './keyed-children.ts';

/** Labels of ticks that a phone has room for. */
const MOST_TICKS = 4;

/** A stage, and its bars in words. */
interface Line {
  readonly row: TimelineRow;
  readonly text: string;
}

/** The timeline of the open job. */
export class TimelineView {
  readonly #ticks = byId('job-ticks', HTMLElement);
  readonly #rows = new KeyedChildren<Line, HTMLElement>({
    parent: byId('job-timeline', HTMLElement),
    keyOf: ({ row }) => row.stage,
    create: newLine,
    update: showLine,
  });

  show(job: JobView, now: number): void {
    const { rows, durationMs } = timelineOf(job, now);
    this.#rows.show(rows.map((row) => ({ row, text: describeRow(row, job, now) })));
    this.#ticks.replaceChildren(
      ...timeTicks(durationMs, MOST_TICKS).map((tick) => tickAt(tick, durationMs)),
    );
  }
}

function showLine(item: HTMLElement, { row: { stage, bars }, text }: Line): void {
  const [name, track, words] = item.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
  setText(name, stage);
  track.replaceChildren(...bars.map(barElement));
  setText(words, text);
}

function newLine(): HTMLElement {
  return element(
    'li',
    {},
    element('span', { class: 'stage' }),
    element('span', { class: 'track', attributes: { 'aria-hidden': 'true' } }),
    element('span', { class: 'quiet' }),
  );
}

function barElement({ from, to, end, code, attempt, durationMs }: TimelineBar): HTMLElement {
  const title = `try ${attempt}: ${end}${code === null ? '' : ` (${code})`}, ${formatDuration(durationMs)}`;
  const bar = element('span', { class: `try ${classOf(end)}`, attributes: { title } });
  bar.style.left = `${from * 100}%`;
  bar.style.width = `${(to - from) * 100}%`;
  return bar;
}

/** How a try ended, as what the style sheet knows. */
function classOf(end: string): string {
  if (end === 'completed' || end === 'done') return 'done';
  if (end === 'open') return 'open';
  return end === 'retrying' ? 'retrying' : 'failed';
}

/** `4.2 s, try 2, retrying: CHAIN_DOWN, next try in 8 s`. */
function describeRow({ stage, bars, durationMs }: TimelineRow, job: JobView, now: number): string {
  const last = bars.at(-1);
  if (last === undefined) return job.status === 'done' ? 'not needed' : 'not reached';
  const trouble = bars.findLast(({ code, end }) => code !== null && end !== 'done');
  const next = stage === job.stage ? nextTryAt(job, now) : undefined;
  const parts = [
    last.end === 'open' ? formatSeconds(durationMs) : formatDuration(durationMs),
    ...(last.attempt > 1 ? [`try ${last.attempt}`] : []),
    ...(trouble === undefined ? [] : [`${trouble.end}: ${trouble.code}`]),
    ...(next === undefined ? [] : [`next try in ${formatSeconds(next - now)}`]),
  ];
  return parts.join(', ');
}

function tickAt(tick: number, durationMs: number): HTMLElement {
  const label = element('span', { text: tick === 0 ? '0' : formatTick(tick) });
  const share = tick / durationMs;
  label.style.left = `${share * 100}%`;
  setAttribute(label, 'class', share > 0.9 ? 'last' : undefined);
  return label;
}

/** Round lengths need no second unit. */
function formatTick(ms: number): string {
  return formatDuration(ms)
    .replace(/ m 00 s$/, ' m')
    .replace(/ h 00 m$/, ' h')
    .replace('.0 s', ' s');
}
