/** The HTTP service: routes over a running pipeline. */
import { EnvironmentError, InputError } from '@zkinfer/core';
import { addCrossOrigin } from './cross-origin.ts';
import { startHousekeeping } from './housekeeping.ts';
import { type HttpContext, openHttpContext } from './http-context.ts';
import { addOpenApi } from './open-api.ts';
import { addErrorAnswers, addRequestHooks } from './request-hooks.ts';
import { addArtifactRoutes } from './routes/artifacts.ts';
import { addDashboard } from './routes/dashboard.ts';
import { addSubmissionRoutes } from './routes/job-submission.ts';
import { addUpdateRoute } from './routes/job-updates.ts';
import { addJobRoutes } from './routes/jobs.ts';
import { addLoginRoutes } from './routes/login.ts';
import { addModelRoutes } from './routes/models.ts';
import { addOperatorRoutes } from './routes/operator.ts';
import { addProbeRoutes } from './routes/probes.ts';
import { addComponents } from './schema-components.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { createServiceApp, type ServiceApp } from './service-app.ts';
import { ServiceMetrics } from './service-metrics.ts';
import type { HttpServiceOptions } from './service-ports.ts';

/** A service that answers once it listens. */
export interface HttpService {
  /**
   * Begins to answer; where, such as http://127.0.0.1:8080.
   * @throws EnvironmentError QUEUE_HTTP_LISTEN
   */
  listen(): Promise<string>;
  /** Ends streams, waits for requests under way, then stops. Closing twice does no harm. */
  close(): Promise<void>;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8080;
const LOOPBACK_HOSTS = ['127.0.0.1', '::1', 'localhost'];

/**
 * Makes a service; what it is given stays the caller's to close.
 * @throws InputError QUEUE_HTTP_ANONYMOUS; EnvironmentError QUEUE_BACKEND_UNAVAILABLE; the store's
 *   errors
 */
export async function createHttpService(options: HttpServiceOptions): Promise<HttpService> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT } = options;
  requireLocalIfAnonymous(options, host);
  const context = await openHttpContext(options);
  const { pipeline, overview, streams, progress, webhooks } = context;
  const metrics = new ServiceMetrics({ pipeline, overview, streams, webhooks });
  const stopHousekeeping = startHousekeeping(context);
  const app = createServiceApp({ ...options, limits: context.limits });
  await addSecurityHeaders(app);
  await addCrossOrigin(app, options.origins ?? []);
  await addOpenApi(app);
  addErrorAnswers(app, context);
  addRequestHooks(app, context, metrics);
  addComponents(app);
  addRoutes(app, context, metrics);
  app.addHook('preClose', async () => {
    streams.close();
    metrics.close();
    stopHousekeeping();
    await progress.close();
    await webhooks.close();
  });
  await app.ready();
  return {
    listen: () =>
      app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
        throw listenError(cause, host, port);
      }),
    close: () => app.close(),
  };
}

function addRoutes(app: ServiceApp, context: HttpContext, metrics: ServiceMetrics): void {
  addSubmissionRoutes(app, context);
  addJobRoutes(app, context);
  addUpdateRoute(app, context);
  addModelRoutes(app, context);
  addOperatorRoutes(app, context);
  addArtifactRoutes(app, context);
  addProbeRoutes(app, context, metrics);
  addLoginRoutes(app, context);
  if (context.dashboard !== undefined) addDashboard(app, context.dashboard);
}

/** @throws InputError QUEUE_HTTP_ANONYMOUS */
function requireLocalIfAnonymous(
  { anonymous, trustProxy = [] }: HttpServiceOptions,
  host: string,
): void {
  if (anonymous !== true) return;
  if (LOOPBACK_HOSTS.includes(host) && trustProxy.length === 0) return;
  throw new InputError({
    code: 'QUEUE_HTTP_ANONYMOUS',
    what: 'a service without API keys would be open to others',
    got: trustProxy.length === 0 ? `the host ${host}` : 'trusted proxies',
    expected: `the host ${LOOPBACK_HOSTS.join(' or ')}, and no proxy`,
    hint: 'Make API keys with zkinfer api-key create.',
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_HTTP_LISTEN',
    what: `the HTTP service cannot listen on ${host}, port ${port}`,
    got: cause.code ?? cause.name,
    hint: 'Another program may use the port; choose another, or 0 for a free one.',
    cause,
  });
}
