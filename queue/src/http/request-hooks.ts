/** What happens around every request: access, errors, logs, figures. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerToError } from './error-answer.ts';
import type { HttpContext } from './http-context.ts';
import { httpError } from './http-errors.ts';
import type { ServiceApp } from './service-app.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** Errors, and paths that nobody serves, as ServiceErrors. */
export function addErrorAnswers(app: ServiceApp, { logger }: HttpContext): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = answerToError(error, request.id);
    if (status >= 500) {
      const fields = { err: error, requestId: request.id, route: routeOf(request) };
      logger.error(fields, 'a request failed');
    }
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((request, reply) => {
    const error = httpError('QUEUE_HTTP_NOT_FOUND', 'there is nothing here', {
      hint: 'GET /openapi.json tells what there is.',
    });
    const { status, body } = answerToError(error, request.id);
    return reply.code(status).send(body);
  });
}

/** Access before, logs and figures after. */
export function addRequestHooks(
  app: ServiceApp,
  { access, logger }: HttpContext,
  metrics: ServiceMetrics,
): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    await access.decide(request, reply);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = routeOf(request);
    const { method } = request;
    const { statusCode: status, elapsedTime } = reply;
    metrics.answered({ method, route, status, seconds: elapsedTime / 1_000 });
    logger.info(logFields(request, reply, route), 'request');
  });
}

/** No paths, queries, headers and bodies: these hold ids, webhooks, keys and inputs. */
function logFields(request: FastifyRequest, reply: FastifyReply, route: string) {
  return {
    requestId: request.id,
    method: request.method,
    route,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
    client: request.identity?.name ?? null,
    address: request.ip,
  };
}

/** The pattern of its route; the same for all paths that nobody serves. */
function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'none';
}
