/** `POST /v1/jobs` and `POST /v1/envelopes`: what carries inputs. */
import {
  EnvelopeSchema,
  type JobSubmission,
  JobSubmissionSchema,
  REALS_CONTENT_TYPE,
  SERVICE_PATHS,
  servicePath,
} from '@zkinfer/core/service';
import type { FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import { unknownModel } from '../../artifacts/model-files.ts';
import { type HttpContext, identityOfRequest } from '../http-context.ts';
import { httpError } from '../http-errors.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { requireInputSize } from '../input-size.ts';
import { jobView } from '../job-view.ts';
import { EXAMPLES } from '../open-api-examples.ts';
import { RealsQuery } from '../route-parameters.ts';
import { component, refusals } from '../schema-components.ts';
import type { ServiceApp } from '../service-app.ts';
import { envelopeOfJson, inputHashOf, splitReals } from '../submitted-input.ts';

const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ description: 'names the request; drawn, and told in the answer, without it' }),
  ),
});

/** Adds the routes, in a scope of their own: their bodies are larger than others. */
export function addSubmissionRoutes(root: ServiceApp, context: HttpContext): void {
  const { models, limits } = context;
  root.register(async (scope) => {
    const app = scope as unknown as ServiceApp;
    app.addContentTypeParser(REALS_CONTENT_TYPE, { parseAs: 'buffer' }, (_, body, done) => {
      done(null, body);
    });
    app.addHook('preParsing', async (request, reply) => {
      try {
        await requireInputSize(request, models, limits.bodyBytes);
      } catch (error) {
        // The body is not read: what is left of it must not pass for the next request.
        reply.header('connection', 'close');
        throw error;
      }
    });
    addJobs(app, context);
    addEnvelopes(app, context);
  });
}

function addJobs(app: ServiceApp, { intake, models, quota, limits, progress }: HttpContext): void {
  app.post(
    SERVICE_PATHS.jobs,
    {
      bodyLimit: limits.bodyBytes,
      config: { access: ['client'] },
      schema: {
        operationId: 'submitJob',
        summary: 'Submit an inference',
        description:
          'Sending a request again under the same Idempotency-Key answers the same job; another ' +
          'request under it is refused. Reals in binary take all but the input from the query.',
        tags: ['jobs'],
        headers: IdempotencyHeaders,
        querystring: RealsQuery,
        body: {
          content: {
            'application/json': {
              schema: { ...JobSubmissionSchema, examples: [EXAMPLES.JobSubmission] },
            },
            [REALS_CONTENT_TYPE]: {
              schema: Type.Unsafe<Buffer>({ contentMediaType: REALS_CONTENT_TYPE }),
            },
          },
        },
        response: {
          200: component('JobView'),
          201: component('JobView'),
          ...refusals(404, 409, 411, 413, 415, 422),
        },
      },
    },
    async (request, reply) => {
      const identity = identityOfRequest(request);
      const key = idempotencyKeyOf(request);
      const submission = Buffer.isBuffer(request.body)
        ? await submissionOfReals(request.body, request.query, models)
        : (request.body as JobSubmission);
      const submitted = intake.submit(identity, key, submission);
      const { job, created } = await retryTomorrow(submitted, reply, quota.secondsToReset());
      reply.headers({ 'idempotency-key': key, location: servicePath('job', { id: job.id }) });
      return reply.code(created ? 201 : 200).send(jobView(job, progress.of(job)));
    },
  );
}

function addEnvelopes(app: ServiceApp, context: HttpContext): void {
  const { models, envelopes, holders, quota, limits } = context;
  app.post(
    SERVICE_PATHS.envelopes,
    {
      bodyLimit: limits.bodyBytes,
      config: { access: ['client'] },
      schema: {
        operationId: 'storeEnvelope',
        summary: 'Store the input of a request on chain',
        description:
          'Counts as a job of the day. The request names the uri of the answer; its result is told ' +
          'to the key that stored its input.',
        tags: ['inputs'],
        body: { ...EnvelopeSchema, examples: [EXAMPLES.Envelope] },
        response: { 201: component('StoredEnvelope'), ...refusals(404, 411, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { name, dailyJobs } = identityOfRequest(request);
      const { modelDigest } = request.body;
      const model = await models.get(modelDigest);
      if (model === undefined) throw unknownModel(modelDigest);
      const envelope = envelopeOfJson(request.body);
      const inputHash = inputHashOf(envelope, model);
      const reserved = quota.reserve(name, dailyJobs);
      await retryTomorrow(reserved, reply, quota.secondsToReset());
      const uri = await envelopes.keep(inputHash, envelope);
      await holders.add(`${inputHash}`, name);
      return reply.code(201).send({ inputHash: `${inputHash}`, uri });
    },
  );
}

/** @throws InputError QUEUE_HTTP_BAD_REQUEST, QUEUE_MODEL_UNKNOWN */
async function submissionOfReals(
  body: Buffer,
  { modelDigest, inputSalt, ...rest }: Static<typeof RealsQuery>,
  models: HttpContext['models'],
): Promise<JobSubmission> {
  if (modelDigest === undefined) {
    const details = { expected: 'the query ?modelDigest=…' };
    throw httpError('QUEUE_HTTP_BAD_REQUEST', 'reals for no model', details);
  }
  const model = await models.get(modelDigest);
  if (model === undefined) throw unknownModel(modelDigest);
  const reals = splitReals(body, model);
  const input = { reals, ...(inputSalt === undefined ? {} : { inputSalt }) };
  return { modelDigest, input, ...rest };
}

/** Says when a quota that is used up is there again. */
async function retryTomorrow<T>(
  work: Promise<T>,
  reply: FastifyReply,
  seconds: number,
): Promise<T> {
  return work.catch((error: { code?: unknown }) => {
    if (error.code === 'QUEUE_HTTP_DAILY_QUOTA') reply.header('retry-after', seconds);
    throw error;
  });
}
