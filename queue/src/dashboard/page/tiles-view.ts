/** The tiles at the top: one figure each. */
import type { Overview } from '@zkinfer/core/service';
import { formatDuration } from '../figures/format-duration.ts';
import { formatAmount, formatCount } from '../figures/format-quantity.ts';
import { formatMinute } from '../figures/format-time.ts';
import { hourFigures } from '../figures/hour-figures.ts';
import { workerState } from '../figures/worker-state.ts';
import { byId, setAttribute, setText } from './element.ts';

/** Fills the tiles. */
export function showTiles(overview: Overview): void {
  const figures = hourFigures(overview);
  const { latest } = figures;
  const delayed = overview.queues.reduce((all, queue) => all + queue.delayed, 0);
  const alive = overview.workers.filter((one) => workerState(one, overview.at) !== 'stale').length;
  const stuck = overview.jobs
    .filter(({ status }) => status === 'failed' || status === 'parked')
    .reduce((all, { count }) => all + count, 0);
  const when = latest === undefined ? 'no job has ended' : `jobs of ${formatMinute(latest.at)}`;
  fill('waiting', formatCount(figures.waiting));
  fill('waiting-note', delayed === 0 ? 'none delayed' : `${formatCount(delayed)} delayed`);
  fill('running', formatCount(figures.running));
  fill('running-note', `${formatCount(alive)} ${alive === 1 ? 'worker' : 'workers'} alive`);
  fill('done', formatCount(figures.done));
  fill('failed', formatCount(figures.failed));
  fill('failed-note', stuck === 0 ? 'in the last hour' : `${formatCount(stuck)} to look at`);
  setAttribute(byId('failed', HTMLElement), 'class', figures.failed > 0 ? 'value bad' : 'value');
  fill('p50', latest === undefined ? '–' : formatDuration(latest.p50Ms));
  fill('p50-note', when);
  fill('p95', latest === undefined ? '–' : formatDuration(latest.p95Ms));
  fill('p95-note', when);
  fill('earned', formatAmount(figures.earned));
  fill('spent', formatAmount(figures.spent));
  fill('gas-note', `${formatCount(figures.gasUsed)} gas`);
}

function fill(id: string, text: string): void {
  setText(byId(id, HTMLElement), text);
}
