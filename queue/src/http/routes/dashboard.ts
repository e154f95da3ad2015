/** The dashboard's files, for operators who signed in. */
import staticFiles from '@fastify/static';
import { SERVICE_PATHS } from '@zkinfer/core/service';
import { DASHBOARD_SECURITY_POLICY } from '../../dashboard/dashboard-security-policy.ts';
import { answerToError } from '../error-answer.ts';
import { setPolicy } from '../security-headers.ts';
import type { ServiceApp } from '../service-app.ts';
import type { HttpServiceOptions } from '../service-ports.ts';

/** Adds the routes. Static files say nothing about access: so they are for operators alone. */
export function addDashboard(
  root: ServiceApp,
  { directory }: NonNullable<HttpServiceOptions['dashboard']>,
): void {
  root.register(async (app) => {
    setPolicy(app, DASHBOARD_SECURITY_POLICY);
    app.setErrorHandler((error, request, reply) => {
      const { status, body } = answerToError(error, request.id);
      if (status !== 401) return reply.code(status).send(body);
      const next = encodeURIComponent(request.url);
      return reply.redirect(`${SERVICE_PATHS.login}?next=${next}`, 303);
    });
    app.register(staticFiles, {
      root: directory,
      prefix: SERVICE_PATHS.dashboard,
      redirect: false,
      dotfiles: 'deny',
      // Files keep their names from version to version.
      cacheControl: false,
      setHeaders: (reply) => reply.header('cache-control', 'private, no-cache'),
      schemaHide: true,
    });
  });
}
