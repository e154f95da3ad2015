/** Jobs are opened by links, so that their address can be kept and sent. */
import { jobFragment } from '../figures/job-address.ts';
import { shorten } from '../figures/shorten.ts';
import { element, setAttribute, setText } from './element.ts';

/** Shows a link to the job in the cell. @param before is what stands before the id */
export function showJobLink(cell: HTMLElement, jobId: string, before = ''): void {
  const link = cell.firstElementChild ?? cell.appendChild(element('a', { class: 'id' }));
  setAttribute(link, 'href', jobFragment(jobId));
  setAttribute(link, 'title', jobId);
  setText(link, before + shorten(jobId));
}
