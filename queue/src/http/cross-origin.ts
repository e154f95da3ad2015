/** Pages of other origins that may call the service with an API key. */
import cors from '@fastify/cors';
import type { ServiceApp } from './service-app.ts';

const METHODS = ['GET', 'POST'];

/** What clients send, and what they read of answers. */
const SENT_HEADERS = ['authorization', 'content-type', 'idempotency-key', 'last-event-id'];
const READ_HEADERS = ['location', 'retry-after', 'x-request-id'];

/** How long browsers may remember it. */
const MAX_AGE_S = 600;

/**
 * Answers browsers that ask beforehand. Cookies are never let through: a session counts on the
 * service's own pages alone.
 * @param origins such as https://app.example; none: nothing changes
 */
export async function addCrossOrigin(app: ServiceApp, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    methods: METHODS,
    allowedHeaders: SENT_HEADERS,
    exposedHeaders: READ_HEADERS,
    credentials: false,
    maxAge: MAX_AGE_S,
    strictPreflight: true,
  });
}
