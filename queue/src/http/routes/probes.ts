/** Whether the service lives, works, and how it does: for load balancers and Prometheus. */
import { SERVICE_PATHS } from '@zkinfer/core/service';
import Type from 'typebox';
import type { HttpContext } from '../http-context.ts';
import { isOperator } from '../identity.ts';
import { checkReadiness } from '../readiness.ts';
import { component, refusals } from '../schema-components.ts';
import type { ServiceApp } from '../service-app.ts';
import type { ServiceMetrics } from '../service-metrics.ts';

/** Adds the routes. */
export function addProbeRoutes(
  app: ServiceApp,
  context: HttpContext,
  metrics: ServiceMetrics,
): void {
  addHealth(app, context);
  app.get(
    SERVICE_PATHS.metrics,
    {
      config: { access: ['metrics'] },
      schema: {
        operationId: 'getMetrics',
        summary: 'Figures in the text format of Prometheus',
        tags: ['service'],
        response: {
          200: {
            description: 'figures',
            content: { 'text/plain': { schema: Type.String() } },
          },
          ...refusals(),
        },
      },
    },
    async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
  app.get(
    SERVICE_PATHS.openApi,
    { config: { access: 'public' }, schema: { hide: true } },
    async () => app.swagger(),
  );
}

function addHealth(app: ServiceApp, context: HttpContext): void {
  app.get(
    SERVICE_PATHS.health,
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getHealth',
        summary: 'Whether the process lives',
        tags: ['service'],
        security: [],
        response: { 200: Type.Object({ status: Type.Literal('ok') }), ...refusals() },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    SERVICE_PATHS.ready,
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getReadiness',
        summary: 'Whether jobs can be done now',
        description: 'The problems are told to operators alone.',
        tags: ['service'],
        security: [],
        response: {
          ...refusals(),
          200: component('Readiness'),
          503: component('Readiness'),
        },
      },
    },
    async ({ identity }, reply) => {
      const { ready, checks } = await checkReadiness(context);
      const isTold = identity !== null && isOperator(identity);
      const told = isTold ? checks : checks.map((check) => ({ ...check, problems: [] }));
      return reply.code(ready ? 200 : 503).send({ ready, checks: told });
    },
  );
}
