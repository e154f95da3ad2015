/** `GET /v1/jobs/:id/updates`: a job followed to its end. */
import { SERVICE_PATHS } from '@zkinfer/core/service';
import Type from 'typebox';
import { type HttpContext, identityOfRequest } from '../http-context.ts';
import { JobParameters } from '../route-parameters.ts';
import { refusals } from '../schema-components.ts';
import type { ServiceApp } from '../service-app.ts';
import { updateNumber } from '../update-streams.ts';
import { visibleJob } from '../visible-jobs.ts';

/** Adds the route. */
export function addUpdateRoute(app: ServiceApp, { pipeline, streams }: HttpContext): void {
  app.get(
    SERVICE_PATHS.jobUpdates,
    {
      config: { access: ['client'] },
      schema: {
        operationId: 'followJob',
        summary: 'A job as server-sent events',
        description:
          'Each event is a JobView; the first comes at once, the last is that of the end. Who comes ' +
          'back with its id in Last-Event-ID gets 204, so that browsers stop asking.',
        tags: ['jobs'],
        params: JobParameters,
        response: {
          200: {
            description: 'events whose data is a JobView',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          204: Type.Null({ description: 'all has been told' }),
          ...refusals(404),
        },
      },
    },
    async (request, reply) => {
      const identity = identityOfRequest(request);
      const job = await visibleJob(pipeline, request.params.id, identity);
      const hasSeen = request.headers['last-event-id'];
      if (job.outcome !== null && hasSeen === `${updateNumber(job)}`) {
        return reply.code(204).send(null);
      }
      streams.requireRoom(identity);
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      streams.follow(job, identity, reply.raw);
    },
  );
}
