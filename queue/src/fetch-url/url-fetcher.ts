/**
 * The one place where URLs that others chose are fetched: inputs, metadata, webhooks. A name is
 * resolved once, every address of it is checked, and the connection goes to exactly those; so a
 * name cannot mean one thing when it is checked and another when it is used.
 */
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { untilAborted } from '../until-aborted.ts';
import { readBody } from './read-body.ts';
import {
  encodedBody,
  failedStatus,
  largeBody,
  redirectedUrl,
  slowHost,
  unreachableHost,
} from './url-errors.ts';
import { INTERNET, type UrlNetwork } from './url-network.ts';
import { addressOf, privateAddress, readOrigins, requireFetchable } from './url-rules.ts';

/** What an operator decides. */
export interface UrlFetcherOptions {
  /** Origins that may be http and private, such as `http://10.0.0.5:9000`; none unless told. */
  readonly allow?: readonly string[];
  /** For all of it: names, redirects, body. 20 s unless told. */
  readonly timeoutMs?: number;
  /** The internet unless told. */
  readonly network?: UrlNetwork;
}

/** How a URL is got. */
export interface GetOptions {
  readonly largestBytes: number;
  readonly signal?: AbortSignal;
}

/** What is posted. */
export interface PostOptions {
  /** JSON. */
  readonly body: string;
  /** Besides those of every request, such as a signature of the body. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

interface Hop {
  readonly text: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 20_000;
const MOST_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];
const HEADERS = { 'accept-encoding': 'identity', 'user-agent': 'zkinfer' };

/** Fetches what others name. Sends no cookies, no credentials; uses no proxy. */
export class UrlFetcher {
  readonly #allowed: ReadonlySet<string>;
  readonly #timeoutMs: number;
  readonly #network: UrlNetwork;

  /** @throws InputError QUEUE_URL_ALLOW */
  constructor({ allow = [], timeoutMs, network = INTERNET }: UrlFetcherOptions = {}) {
    this.#allowed = readOrigins(allow);
    this.#timeoutMs = timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#network = network;
  }

  /**
   * Refuses at once what would be refused by its text: for URLs that are used later.
   * @throws InputError QUEUE_URL_REFUSED
   */
  requireFetchable(text: string): void {
    requireFetchable(text, this.#allowed, this.#network);
  }

  /**
   * The body behind a URL, redirects followed.
   * @throws InputError QUEUE_URL_REFUSED, QUEUE_URL_REDIRECTS, QUEUE_URL_TOO_LARGE,
   *   QUEUE_URL_ENCODING, QUEUE_URL_STATUS (4xx); EnvironmentError QUEUE_URL_UNREACHABLE,
   *   QUEUE_URL_TIMEOUT, QUEUE_URL_STATUS (5xx, 404, 408, 425, 429); the signal's reason when aborted
   */
  async get(url: string, { largestBytes, signal }: GetOptions): Promise<Uint8Array> {
    return this.#inTime(url, signal, async (limit) => {
      let text = url;
      for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
        const request = {
          text,
          method: 'GET',
          headers: HEADERS,
          body: null,
          signal: limit,
        } as const;
        const answer = await this.#exchange(request, (response, { host }) =>
          readAnswer(response, host, largestBytes),
        );
        if (answer instanceof Uint8Array) return answer;
        text = resolveLocation(answer.location, text);
      }
      throw redirectedUrl(hostOf(text), MOST_REDIRECTS);
    });
  }

  /**
   * Posts JSON; redirects are not followed, and the answer's body is not read.
   * @returns the status
   * @throws InputError QUEUE_URL_REFUSED; EnvironmentError QUEUE_URL_UNREACHABLE,
   *   QUEUE_URL_TIMEOUT; the signal's reason when aborted
   */
  async postJson(url: string, { body, headers, signal }: PostOptions): Promise<number> {
    const all = { ...HEADERS, 'content-type': 'application/json', ...headers };
    return this.#inTime(url, signal, (limit) => {
      const request = { text: url, method: 'POST', headers: all, body, signal: limit } as const;
      return this.#exchange(request, async ({ statusCode }) => statusCode);
    });
  }

  async #inTime<T>(
    url: string,
    signal: AbortSignal | undefined,
    work: (limit: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const limit = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    try {
      return await untilAborted(work(limit), limit);
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.aborted) throw slowHost(hostOf(url), this.#timeoutMs);
      throw error;
    }
  }

  /** One request over a connection of its own. */
  async #exchange<T>(
    { text, method, headers, body, signal }: Hop,
    read: (response: Dispatcher.ResponseData, url: URL) => Promise<T>,
  ): Promise<T> {
    const { url, isAllowed } = requireFetchable(text, this.#allowed, this.#network);
    const lookup = isAllowed ? {} : { lookup: await this.#checkedLookup(url, signal) };
    const { certificateAuthority: ca } = this.#network;
    const agent = new Agent({
      connect: { timeout: this.#timeoutMs, ...lookup, ...(ca === undefined ? {} : { ca }) },
      headersTimeout: this.#timeoutMs,
      bodyTimeout: this.#timeoutMs,
    });
    try {
      const path = url.pathname + url.search;
      const response = await agent
        .request({ origin: url.origin, path, method, headers, body, signal })
        .catch((cause: unknown) => {
          throw unreachableHost(url.host, cause);
        });
      return await read(response, url);
    } finally {
      // Whatever is still on its way is not wanted any more.
      await agent.destroy();
    }
  }

  /** Answers with the addresses that were checked, whatever is asked. */
  async #checkedLookup(url: URL, signal: AbortSignal): Promise<LookupFunction> {
    const addresses = await this.#addressesOf(url, signal);
    if (addresses.length === 0) throw unreachableHost(url.host, undefined);
    if (!addresses.every((address) => this.#network.isPublic(address))) {
      throw privateAddress(url.hostname);
    }
    const answers = addresses.map((address) => ({ address, family: isIP(address) }));
    return (_hostname, { all }, callback) => {
      if (all) callback(null, answers);
      else callback(null, answers[0]!.address, answers[0]!.family);
    };
  }

  async #addressesOf(url: URL, signal: AbortSignal): Promise<readonly string[]> {
    const address = addressOf(url);
    if (address !== undefined) return [address];
    return this.#network.resolve(url.hostname, signal).catch((cause: unknown) => {
      throw unreachableHost(url.host, cause);
    });
  }
}

/** The body, or where it is said to be. */
async function readAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  host: string,
  largestBytes: number,
): Promise<Uint8Array | { readonly location: string }> {
  const { location } = headers;
  if (REDIRECTS.includes(statusCode) && typeof location === 'string') return { location };
  if (statusCode !== 200) throw failedStatus(host, statusCode);
  const encoding = `${headers['content-encoding'] ?? 'identity'}`;
  if (encoding !== 'identity') throw encodedBody(host, encoding);
  if (Number(headers['content-length'] ?? 0) > largestBytes) throw largeBody(host, largestBytes);
  const bytes = await readBody(body, largestBytes).catch((cause: unknown) => {
    throw unreachableHost(host, cause);
  });
  if (bytes === undefined) throw largeBody(host, largestBytes);
  return bytes;
}

function resolveLocation(location: string, base: string): string {
  return URL.canParse(location, base) ? new URL(location, base).href : location;
}

function hostOf(text: string): string {
  return URL.canParse(text) ? new URL(text).host : 'the host';
}
