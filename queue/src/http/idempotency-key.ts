/** The name that a client gives a request, so that sending it again is no second one. */
import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { httpError } from './http-errors.ts';

const WELL_FORMED = /^[\x21-\x7e]{1,128}$/;

/**
 * Of the header; drawn if there is none, and then told in the answer.
 * @throws InputError QUEUE_HTTP_IDEMPOTENCY_KEY
 */
export function idempotencyKeyOf({ headers }: FastifyRequest): string {
  const given = headers['idempotency-key'];
  if (given === undefined) return randomUUID();
  if (typeof given === 'string' && WELL_FORMED.test(given)) return given;
  throw httpError('QUEUE_HTTP_IDEMPOTENCY_KEY', 'the header Idempotency-Key', {
    expected: '1 to 128 printable characters of ASCII, no spaces',
  });
}
