/**
 * Before anything of a request is read: who asks, whether they may, and whether they ask too often.
 * Keys come in the Authorization header; browsers have a session's cookie.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiKeys } from '../api-keys/api-keys.ts';
import { type RateDecision, RateLimiter } from '../api-keys/rate-limiter.ts';
import { addressGroup } from './address-group.ts';
import { httpError } from './http-errors.ts';
import { type Access, admits, type Identity, identityOf, LOCAL_IDENTITY } from './identity.ts';
import { isFromOwnPages, isNotFromOtherPages, namesLoopback } from './same-origin.ts';
import { type Sessions, sessionIdOf } from './sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask; a route that does not say lets in nobody but operators. */
    readonly access?: Access;
  }
  interface FastifyRequest {
    /** Null where nobody in particular may ask. */
    identity: Identity | null;
  }
}

/** What access depends on. */
export interface AccessOptions {
  readonly keys: ApiKeys;
  readonly sessions: Sessions;
  readonly anonymous: boolean;
  readonly unauthenticatedPerMinute: number;
}

const BEARER = /^Bearer +([^ ]+)$/i;

/** Decides on each request of a service. */
export class AccessControl {
  readonly #options: AccessOptions;
  readonly #byKey = new RateLimiter();
  readonly #byAddress = new RateLimiter();

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /**
   * Sets `request.identity`.
   * @throws InputError QUEUE_HTTP_UNAUTHENTICATED, QUEUE_HTTP_FORBIDDEN, QUEUE_HTTP_FOREIGN_ORIGIN,
   *   QUEUE_HTTP_RATE_LIMIT
   */
  async decide(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    // Who guesses keys is stopped before the guess is looked at.
    this.#limit(reply, this.#addressRate(request, 'look'));
    const identity = await this.identify(request);
    const { access } = request.routeOptions.config;
    if (identity === undefined) {
      this.#limit(reply, this.#addressRate(request, 'take'));
      if (access === 'public' || request.is404) return;
      reply.header('www-authenticate', 'Bearer');
      throw httpError('QUEUE_HTTP_UNAUTHENTICATED', 'an API key is needed', {
        expected: 'the header Authorization: Bearer zk_…',
      });
    }
    this.#limit(reply, this.#byKey.take(identity.name, identity.ratePerMinute));
    if (!request.is404 && !admits(access ?? ['operator'], identity)) {
      throw httpError('QUEUE_HTTP_FORBIDDEN', 'this key may not do that', {
        expected: `a key with the role ${[access ?? 'operator'].flat().join(' or ')}`,
      });
    }
    requireOwnOrigin(request, identity);
    request.identity = identity;
  }

  /** Whoever the request says it is from, if that is true. */
  async identify(request: FastifyRequest): Promise<Identity | undefined> {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) {
      const key = await this.#options.keys.find(BEARER.exec(authorization)?.[1] ?? '');
      return key === undefined ? undefined : identityOf(key, 'key');
    }
    const sessionId = sessionIdOf(cookie);
    const keyName =
      sessionId === undefined ? undefined : this.#options.sessions.keyNameOf(sessionId);
    // A key that was revoked ends its sessions.
    const key = keyName === undefined ? undefined : await this.#options.keys.named(keyName);
    if (key !== undefined) return identityOf(key, 'session');
    return this.#options.anonymous && namesLoopback(request) ? LOCAL_IDENTITY : undefined;
  }

  /** Whether an identity is what it was when its request began. */
  async isStillValid(identity: Identity): Promise<boolean> {
    return (
      identity.by === 'anonymous' || (await this.#options.keys.named(identity.name)) !== undefined
    );
  }

  #addressRate(request: FastifyRequest, how: 'look' | 'take'): RateDecision {
    return this.#byAddress[how](addressGroup(request.ip), this.#options.unauthenticatedPerMinute);
  }

  #limit(reply: FastifyReply, { allowed, limit, remaining, resetS }: RateDecision): void {
    reply.headers({
      'ratelimit-limit': limit,
      'ratelimit-remaining': remaining,
      'ratelimit-reset': resetS,
    });
    if (allowed) return;
    reply.header('retry-after', Math.max(1, resetS));
    const expected = `at most ${limit} a minute`;
    throw httpError('QUEUE_HTTP_RATE_LIMIT', 'too many requests', { expected });
  }
}

/** @throws InputError QUEUE_HTTP_FOREIGN_ORIGIN */
function requireOwnOrigin(request: FastifyRequest, { by }: Identity): void {
  if (by === 'key') return;
  if (by === 'session' ? isFromOwnPages(request) : isNotFromOtherPages(request)) return;
  throw httpError('QUEUE_HTTP_FOREIGN_ORIGIN', 'this request comes from the page of another site');
}
