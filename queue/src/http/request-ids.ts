/** Ids of requests, for answers and logs. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What is taken over from a proxy or a client: nothing that could forge a line of a log. */
const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/;

/** The id that X-Request-Id gives if it is well-formed, else a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
}
