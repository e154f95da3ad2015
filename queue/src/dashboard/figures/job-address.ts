/** Which job is meant: by the text of a search, and by the fragment of the page's address. */

const FRAGMENT = '#/jobs/';
const REQUEST_ID = /^(0x)?[0-9a-f]{64}$/i;
/** As the queue names its jobs. */
const JOB_ID = /^[a-z][a-z0-9-]{0,119}$/;

/** What a search looks for; `nothing` for what can be neither. */
export type SearchTarget =
  | { readonly kind: 'job'; readonly id: string }
  | { readonly kind: 'request'; readonly requestId: string }
  | { readonly kind: 'nothing' };

export function searchTarget(text: string): SearchTarget {
  const wanted = text.trim();
  if (REQUEST_ID.test(wanted)) {
    return { kind: 'request', requestId: `0x${wanted.toLowerCase().replace(/^0x/, '')}` };
  }
  return JOB_ID.test(wanted) ? { kind: 'job', id: wanted } : { kind: 'nothing' };
}

export function jobFragment(id: string): string {
  return FRAGMENT + encodeURIComponent(id);
}

/** The job that the fragment names, undefined when it names none. */
export function jobOfFragment(fragment: string): string | undefined {
  if (!fragment.startsWith(FRAGMENT)) return undefined;
  try {
    return decodeURIComponent(fragment.slice(FRAGMENT.length)) || undefined;
  } catch {
    return undefined;
  }
}
