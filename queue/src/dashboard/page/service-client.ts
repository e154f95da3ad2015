/** What the page asks of the service that serves it. */
import {
  type JobList,
  type JobResult,
  type JobView,
  type Overview,
  SERVICE_PATHS,
  type ServiceError,
  servicePath,
} from '@zkinfer/core/service';

/** An answer that is later than this counts as none. */
const TIMEOUT_MS = 15_000;

/** What the service said instead of an answer; code `DASHBOARD_UNREACHABLE` where it said nothing. */
export class RefusalError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(status: number, { code, what, hint }: ServiceError['error']) {
    super(what);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

/** Which jobs a list holds. */
export interface JobListQuery {
  readonly status: JobView['status'] | undefined;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after: string | undefined;
}

export function fetchOverview(): Promise<Overview> {
  return ask<Overview>('GET', SERVICE_PATHS.overview);
}

export function fetchJobs({ status, limit, after }: JobListQuery): Promise<JobList> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (status !== undefined) query.set('status', status);
  if (after !== undefined) query.set('after', after);
  return ask<JobList>('GET', `${SERVICE_PATHS.operatorJobs}?${query}`);
}

export function fetchJob(id: string): Promise<JobView> {
  return ask<JobView>('GET', servicePath('job', { id }));
}

/** The job of a request on chain. */
export function fetchRequest(chainId: string, requestId: string): Promise<JobView> {
  return ask<JobView>('GET', servicePath('request', { chainId, requestId }));
}

export function fetchResult(id: string): Promise<JobResult> {
  return ask<JobResult>('GET', servicePath('jobResult', { id }));
}

export function retryJob(id: string): Promise<JobView> {
  return ask<JobView>('POST', servicePath('operatorRetry', { id }));
}

export function cancelJob(id: string): Promise<JobView> {
  return ask<JobView>('POST', servicePath('jobCancel', { id }));
}

export function jobUpdatesUrl(id: string): string {
  return servicePath('jobUpdates', { id });
}

/** The service validates what it sends: the answer is taken as what its schema says. */
async function ask<Answer>(method: 'GET' | 'POST', path: string): Promise<Answer> {
  const response = await send(method, path);
  if (response.status === 401) leaveForLogin();
  if (!response.ok) throw new RefusalError(response.status, await refusalOf(response));
  return (await response.json()) as Answer;
}

async function send(method: string, path: string): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const headers = { accept: 'application/json' };
  try {
    return await fetch(path, { method, headers, signal, cache: 'no-store' });
  } catch {
    throw new RefusalError(0, { code: 'DASHBOARD_UNREACHABLE', what: 'the service is silent' });
  }
}

/** Proxies answer with pages of their own. */
async function refusalOf(response: Response): Promise<ServiceError['error']> {
  try {
    return ((await response.json()) as ServiceError).error;
  } catch {
    return { code: `HTTP_${response.status}`, what: response.statusText || 'no reason was given' };
  }
}

let isLeaving = false;

/** Once: a second call would begin the navigation anew. */
function leaveForLogin(): void {
  if (isLeaving) return;
  isLeaving = true;
  const next = location.pathname + location.hash;
  location.assign(`${SERVICE_PATHS.login}?${new URLSearchParams({ next })}`);
}
