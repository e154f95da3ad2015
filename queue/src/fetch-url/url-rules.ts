/** Which URLs are fetched at all, by their text alone. */
import { isIP } from 'node:net';
import { InputError } from '@zkinfer/core';
import { refusedUrl } from './url-errors.ts';
import type { UrlNetwork } from './url-network.ts';

/** A URL that may be fetched. */
export interface FetchableUrl {
  readonly url: URL;
  /** Of an operator's own origins: may be http, and anywhere. */
  readonly isAllowed: boolean;
}

/** As `InferenceRequest` and the chain bound them. */
const LONGEST_URL = 2048;
const HTTPS_PORT = 443;
/** Below are other services, which have no business with us. */
const LOWEST_FREE_PORT = 1024;

/**
 * The origins of a configuration, as `URL.origin` writes them.
 * @throws InputError QUEUE_URL_ALLOW for an entry that is no origin
 */
export function readOrigins(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.map(readOrigin));
}

/**
 * The URL, if its form may be fetched: https, no user and password, a usual port, no address of a
 * private network; or one of the allowed origins. The URL parser has brought hosts to one form by
 * then, such as 0x7f.1 to 127.0.0.1.
 * @throws InputError QUEUE_URL_REFUSED
 */
export function requireFetchable(
  text: string,
  allowed: ReadonlySet<string>,
  network: UrlNetwork,
): FetchableUrl {
  if (text.length > LONGEST_URL)
    throw refusedUrl('a longer one', `at most ${LONGEST_URL} characters`);
  if (!URL.canParse(text)) throw refusedUrl('something else', 'an absolute https URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw refusedUrl('credentials', 'none in the URL');
  if (allowed.has(url.origin)) return { url, isAllowed: true };
  if (url.protocol !== 'https:') throw refusedUrl(url.protocol.slice(0, 20), 'https');
  const port = Number(url.port || HTTPS_PORT);
  if (port !== HTTPS_PORT && port < LOWEST_FREE_PORT) {
    throw refusedUrl(`port ${port}`, `${HTTPS_PORT}, or ${LOWEST_FREE_PORT} and above`);
  }
  const address = addressOf(url);
  if (address !== undefined && !network.isPublic(address)) throw privateAddress(url.hostname);
  return { url, isAllowed: false };
}

/** The address that a URL names itself, undefined for a name. */
export function addressOf({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
}

/** For a host that is none of the public internet. Its addresses are not told. */
export function privateAddress(host: string): InputError {
  return refusedUrl(`${host}, which is private or reserved`, 'a host of the public internet');
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (isWeb && url && [url.origin, `${url.origin}/`].includes(text)) return url.origin;
  throw new InputError({
    code: 'QUEUE_URL_ALLOW',
    what: 'an allowed origin cannot be used',
    got: text,
    expected: 'such as https://store.example or http://10.0.0.5:9000, without a path',
  });
}
