/**
 * The HTTP service that artifacts come from, as its operator configured it: unlike what `fetchUrl`
 * gets, it is trusted with a key, and may be anywhere. It never redirects.
 */
import type { Readable } from 'node:stream';
import { EnvironmentError, InputError } from '@zkinfer/core';
import { Agent, type Dispatcher } from 'undici';
import { readBody } from '../fetch-url/read-body.ts';

/** Where it is and what it asks for. */
export interface ArtifactServerOptions {
  /** http or https, without user, query and fragment; a path is kept: `https://host/zkinfer`. */
  readonly baseUrl: string;
  /** Sent as a bearer token; never in errors or logs. */
  readonly apiKey?: string;
}

/** A request. */
export interface ArtifactRequest {
  readonly method: 'GET' | 'PUT';
  /** From the base on, beginning with a slash. */
  readonly path: string;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/** An answer. */
export interface ArtifactAnswer {
  readonly status: number;
  /** To be read or destroyed. */
  readonly body: Readable;
}

/** An answer with its body. */
export interface ByteAnswer {
  readonly status: number;
  /** Undefined if they were more than wanted. */
  readonly bytes: Uint8Array | undefined;
}

/** Nothing arrives for so long: the server is gone. Whole transfers may take any time. */
const SILENCE_MS = 30_000;
const CONNECT_MS = 10_000;

/** Asks, and explains what goes wrong without saying too much. */
export class ArtifactServer {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent = new Agent({
    connect: { timeout: CONNECT_MS },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
  });

  /** @throws InputError QUEUE_ARTIFACTS_URL, QUEUE_ARTIFACTS_KEY */
  constructor({ baseUrl, apiKey }: ArtifactServerOptions) {
    this.#base = baseOf(baseUrl);
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${requireKey(apiKey)}` };
  }

  /** @throws EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE; the signal's reason when aborted */
  async request(request: ArtifactRequest): Promise<ArtifactAnswer> {
    const { statusCode: status, body } = await this.#send(request);
    return { status, body };
  }

  /**
   * An answer with its whole body, unless that is longer than `largestBytes`.
   * @throws as `request`
   */
  async requestBytes(request: ArtifactRequest, largestBytes: number): Promise<ByteAnswer> {
    const { status, body } = await this.request(request);
    const bytes = await readBody(body, largestBytes).catch((cause: unknown) => {
      throw this.failureOf(request, cause);
    });
    return { status, bytes };
  }

  /** For an answer that is no use. */
  unusable({ method, path }: ArtifactRequest, got: string): EnvironmentError {
    return new EnvironmentError({
      code: 'QUEUE_ARTIFACTS_UNAVAILABLE',
      what: `${method} ${path} of the artifact server failed`,
      got,
      hint: 'Check that the service runs, its address, and that the API key may get artifacts.',
    });
  }

  /** What a failed transfer throws. Causes stay behind: they hold requests, with their headers. */
  failureOf(request: ArtifactRequest, cause: unknown): unknown {
    if (request.signal?.aborted) return request.signal.reason;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    return this.unusable(request, typeof code === 'string' ? code : 'no answer');
  }

  async #send(request: ArtifactRequest): Promise<Dispatcher.ResponseData> {
    const { method, path, body, signal } = request;
    signal?.throwIfAborted();
    const type = body === undefined ? {} : { 'content-type': 'application/octet-stream' };
    const { origin, pathname } = new URL(this.#base + path);
    try {
      return await this.#agent.request({
        origin,
        path: pathname,
        method,
        headers: { ...this.#headers, ...type },
        body: body ?? null,
        signal: signal ?? null,
      });
    } catch (cause) {
      throw this.failureOf(request, cause);
    }
  }
}

/** Without the slash at its end. */
function baseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  const isPlain = url && [url.username, url.password, url.search, url.hash].join('') === '';
  if (isWeb && isPlain) return (url.origin + url.pathname).replace(/\/$/, '');
  throw new InputError({
    code: 'QUEUE_ARTIFACTS_URL',
    what: 'the address of the artifact server cannot be used',
    expected: 'http:// or https://, a host, perhaps a path; no user, query or fragment',
  });
}

/** Node names the header, not the value, that it refuses; undici may quote it. */
function requireKey(apiKey: string): string {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return apiKey;
  throw new InputError({
    code: 'QUEUE_ARTIFACTS_KEY',
    what: 'the API key of the artifact server cannot be sent',
    expected: 'printable ASCII without spaces',
  });
}
