/** Requests to a service: with a key, a time limit and retries. */
import { EnvironmentError, InputError, ZkinferError } from '@zkinfer/core';
import { sleep } from '../job/sleep.ts';
import { withinTime } from '../job/within-time.ts';
import { MAY_PASS, serviceRefusal, unusableAnswer } from './service-refusal.ts';

/** Where a service is, and how to talk to it. */
export interface TransportOptions {
  /** http:// or https://, perhaps with a path; the API key goes with every request. */
  readonly url: string;
  readonly apiKey?: string;
  /** The platform's by default. */
  readonly fetch?: typeof globalThis.fetch;
  /** For one try of a request; 30,000 by default. */
  readonly timeoutMs?: number;
  /** Further tries of a request that may yet pass; 3 by default. */
  readonly retries?: number;
}

/** A request that may be sent more than once and takes effect once. */
export interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  /** Of `servicePath`. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const FIRST_PAUSE_MS = 250;
/** A service that asks for more is not waited for. */
const LONGEST_PAUSE_MS = 30_000;

const TIMED_OUT = {
  what: 'the service has not answered in time',
  hint: 'Is it overloaded, or out of reach? Try again, or allow more time (timeoutMs).',
};

/** Talks to one service. */
export class HttpTransport {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof globalThis.fetch;
  readonly #timeoutMs: number;
  readonly #retries: number;

  /** @throws InputError CLIENT_SERVICE_URL */
  constructor({ url, apiKey, fetch, timeoutMs = 30_000, retries = 3 }: TransportOptions) {
    this.#base = baseOf(url);
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    // Browsers want their fetch called on the global object.
    this.#fetch = fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#timeoutMs = timeoutMs;
    this.#retries = retries;
  }

  /**
   * The answer, read; tried again while it may pass.
   * @param read throws for JSON that is not what was asked for
   * @throws InputError or EnvironmentError with the service's code; EnvironmentError
   *   CLIENT_SERVICE_UNREACHABLE, CLIENT_SERVICE_ANSWER, CLIENT_TIMEOUT; the signal's reason
   */
  async json<T>(request: ServiceRequest, read: (json: unknown) => T): Promise<T> {
    const text = await this.#text(request);
    try {
      return read(JSON.parse(text));
    } catch (cause) {
      throw unusableAnswer(cause instanceof ZkinferError ? cause.message : 'no JSON', cause);
    }
  }

  /**
   * The bytes of server-sent events, as they come; tried once.
   * @throws as `json`
   */
  async events(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers = { accept: 'text/event-stream' };
    const limits = { timeoutMs: this.#timeoutMs, signal };
    // The limit is for the answer to begin: the stream lasts as long as the job.
    const response = await withinTime(limits, TIMED_OUT, (both) =>
      this.#send({ method: 'GET', path, headers }, both),
    );
    if (response.status >= 400) throw serviceRefusal(response.status, await response.text());
    const kind = response.headers.get('content-type') ?? 'nothing';
    if (response.body !== null && kind.startsWith('text/event-stream')) return response.body;
    await response.body?.cancel();
    throw unusableAnswer(`${kind} in place of a stream of events`);
  }

  async #text(request: ServiceRequest): Promise<string> {
    for (let attempt = 0; ; attempt++) {
      const { error, pauseMs, text } = await this.#try(request, attempt);
      if (text !== undefined) return text;
      const isWorthIt = pauseMs !== undefined && pauseMs <= LONGEST_PAUSE_MS;
      if (attempt >= this.#retries || !isWorthIt) throw error;
      await sleep(pauseMs, request.signal);
    }
  }

  /** The text, or why there is none and after which pause it is worth another try. */
  async #try(request: ServiceRequest, attempt: number): Promise<Attempt> {
    const { signal } = request;
    const limits = { timeoutMs: this.#timeoutMs, ...(signal === undefined ? {} : { signal }) };
    try {
      return await withinTime(limits, TIMED_OUT, async (both) => {
        const response = await this.#send(request, both);
        const text = await bodyOf(response, both);
        if (response.status < 400) return { text };
        const error = serviceRefusal(response.status, text);
        return MAY_PASS.has(response.status)
          ? { error, pauseMs: askedPause(response) ?? backoff(attempt) }
          : { error };
      });
    } catch (error) {
      if (signal?.aborted || !(error instanceof EnvironmentError)) throw error;
      return { error, pauseMs: backoff(attempt) };
    }
  }

  async #send(request: ServiceRequest, signal: AbortSignal): Promise<Response> {
    const { method, path, body } = request;
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    try {
      return await this.#fetch(new URL(`.${path}`, this.#base), {
        method,
        headers: { accept: 'application/json', ...type, ...this.#headers, ...request.headers },
        ...(body === undefined ? {} : { body }),
        signal,
        // A key is for this service, not for where it may send its callers.
        redirect: 'error',
        credentials: 'omit',
      });
    } catch (cause) {
      throw networkError(cause, signal);
    }
  }
}

interface Attempt {
  readonly text?: string;
  readonly error?: ZkinferError;
  readonly pauseMs?: number | undefined;
}

function baseOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === undefined || !isHttp || url.username !== '' || url.search !== '') {
    throw new InputError({
      code: 'CLIENT_SERVICE_URL',
      what: 'this is no address of a service',
      expected: 'http:// or https:// with a host, without user name and query',
    });
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

async function bodyOf(response: Response, signal: AbortSignal): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw networkError(cause, signal);
  }
}

/** Nothing of the cause is quoted: it may hold the address. */
function networkError(cause: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return new EnvironmentError({
    code: 'CLIENT_SERVICE_UNREACHABLE',
    what: 'the service does not answer',
    hint: 'Check its URL, that it runs, and in a browser that it allows this page’s origin.',
    cause,
  });
}

/** Doubles, with up to a half more, so that many clients do not come back at once. */
function backoff(attempt: number): number {
  return FIRST_PAUSE_MS * 2 ** attempt * (1 + Math.random() / 2);
}

/** What Retry-After asks for: seconds or a date. Undefined without it, or where it is no pause. */
function askedPause(response: Response): number | undefined {
  const asked = response.headers.get('retry-after');
  if (asked === null) return undefined;
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
}
