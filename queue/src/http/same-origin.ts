/**
 * Whether a request that a browser may have been tricked into comes from the service's own pages
 * (cross-site request forgery), and was sent to the service by its name (DNS rebinding).
 */
import type { FastifyRequest } from 'fastify';

const READING = ['GET', 'HEAD', 'OPTIONS'];

const LOOPBACK_HOSTS = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** False for a request that changes something and whose origin is another site, or is not told. */
export function isFromOwnPages(request: FastifyRequest): boolean {
  if (READING.includes(request.method)) return true;
  return request.headers.origin !== undefined && originIsOwn(request);
}

/** As `isFromOwnPages`, but lets through what no browser sends: no origin at all. */
export function isNotFromOtherPages(request: FastifyRequest): boolean {
  if (READING.includes(request.method) || request.headers.origin === undefined) return true;
  return originIsOwn(request);
}

/** Whether a request names this machine, not a domain that somebody let point at it. */
export function namesLoopback({ headers }: FastifyRequest): boolean {
  return LOOPBACK_HOSTS.test(headers.host ?? '');
}

function originIsOwn(request: FastifyRequest): boolean {
  const { origin = '' } = request.headers;
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  return host !== undefined && host !== '' && host === request.host;
}
