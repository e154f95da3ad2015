/** Small bars with their figure beside them: shares of a whole, or parts of it. */
import { clampShare } from '../figures/format-quantity.ts';
import { element, setAttribute, setText } from './element.ts';

/** A bar of one share. */
export interface MeterReading {
  /** In [0, 1]; what is above fills the bar. */
  readonly share: number;
  /** What stands beside the bar. */
  readonly text: string;
  /** From `high` on the bar is shown as a warning; never without. */
  readonly high?: number;
}

/** Shows a reading in the cell, which holds nothing else. */
export function showMeter(cell: HTMLElement, { share, text, high }: MeterReading): void {
  const meter = cell.firstElementChild ?? cell.appendChild(newMeter());
  const [bar, label] = meter.children as unknown as [HTMLElement, HTMLElement];
  const warns = high !== undefined && share >= high;
  setAttribute(meter, 'class', warns ? 'meter high' : 'meter');
  (bar.firstElementChild as HTMLElement).style.width = `${clampShare(share) * 100}%`;
  setText(label, text);
}

function newMeter(): HTMLElement {
  const fill = element('span', { class: 'fill' });
  const bar = element('span', { class: 'bar', attributes: { 'aria-hidden': 'true' } }, fill);
  return element('span', { class: 'meter' }, bar, element('span', { class: 'figure' }));
}

/** One part of a stacked bar. */
export interface Part {
  /** A class that colours it. */
  readonly kind: string;
  readonly count: number;
}

/** Shows parts of `whole` side by side; the words that say so stand elsewhere in the row. */
export function showParts(cell: HTMLElement, parts: readonly Part[], whole: number): void {
  const bar =
    cell.firstElementChild ??
    cell.appendChild(
      element(
        'span',
        { class: 'bar', attributes: { 'aria-hidden': 'true' } },
        ...parts.map(fillOf),
      ),
    );
  for (const [index, { count }] of parts.entries()) {
    const share = whole === 0 ? 0 : clampShare(count / whole);
    (bar.children[index] as HTMLElement).style.width = `${share * 100}%`;
  }
}

function fillOf({ kind }: Part): HTMLElement {
  return element('span', { class: `fill ${kind}` });
}
