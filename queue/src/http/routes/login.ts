/** Signing in and out: an API key once, then a cookie. */
import { SERVICE_PATHS } from '@zkinfer/core/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpContext } from '../http-context.ts';
import { httpError } from '../http-errors.ts';
import { LOGIN_STYLE, localPath, loginPage } from '../login-page.ts';
import { isFromOwnPages } from '../same-origin.ts';
import { policyOfStyle, setPolicy } from '../security-headers.ts';
import type { ServiceApp } from '../service-app.ts';
import { sessionCookie, sessionIdOf } from '../sessions.ts';

const FORM = 'application/x-www-form-urlencoded';
const MILLISECONDS = 1_000;

/** Adds the routes. */
export function addLoginRoutes(root: ServiceApp, context: HttpContext): void {
  const { keys, sessions, limits } = context;
  const page = { config: { access: 'public' as const }, schema: { hide: true } };
  root.register(async (app) => {
    setPolicy(app, policyOfStyle(LOGIN_STYLE));
    app.addContentTypeParser(FORM, { parseAs: 'string' }, (_, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body as string)));
    });
    app.get<{ Querystring: { next?: unknown } }>(SERVICE_PATHS.login, page, (request, reply) =>
      sendPage(reply, localPath(request.query.next), false),
    );
    app.post<{ Body: Form }>(SERVICE_PATHS.login, page, async (request, reply) => {
      requireOwnForm(request);
      const next = localPath(request.body?.next);
      const key = await keys.find(request.body?.key ?? '');
      if (key?.roles.includes('operator') !== true) return sendPage(reply, next, true);
      const id = sessions.begin(key.name);
      reply.header('set-cookie', cookie(request, id, limits.sessionMs / MILLISECONDS));
      return reply.redirect(next, 303);
    });
    app.post(SERVICE_PATHS.logout, page, async (request, reply) => {
      requireOwnForm(request);
      sessions.end(sessionIdOf(request.headers.cookie) ?? '');
      reply.header('set-cookie', cookie(request, '', 0));
      return reply.redirect(SERVICE_PATHS.login, 303);
    });
  });
}

interface Form {
  readonly key?: string;
  readonly next?: string;
}

function sendPage(reply: FastifyReply, next: string, hasFailed: boolean): FastifyReply {
  return reply
    .code(hasFailed ? 401 : 200)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .send(loginPage(next, hasFailed));
}

/** Other sites must not sign anybody in, or out. @throws InputError QUEUE_HTTP_FOREIGN_ORIGIN */
function requireOwnForm(request: FastifyRequest): void {
  if (isFromOwnPages(request)) return;
  throw httpError('QUEUE_HTTP_FOREIGN_ORIGIN', 'this form comes from the page of another site');
}

function cookie({ protocol }: FastifyRequest, id: string, maxAgeS: number): string {
  return sessionCookie(id, maxAgeS, protocol === 'https');
}
