/** Jobs that were submitted: lists, status, result, cancelling; those of requests on chain, too. */
import { SERVICE_PATHS } from '@zkinfer/core/service';
import { unknownModel } from '../../artifacts/model-files.ts';
import { chainJobId } from '../../jobs/job-ids.ts';
import type { JobPage } from '../client-jobs.ts';
import { type HttpContext, identityOfRequest } from '../http-context.ts';
import { jobResult } from '../job-result.ts';
import { jobView } from '../job-view.ts';
import type { ProgressBoard } from '../progress-board.ts';
import {
  DEFAULT_PAGE,
  JobParameters,
  OwnJobsQuery,
  RequestParameters,
} from '../route-parameters.ts';
import { component, refusals } from '../schema-components.ts';
import type { ServiceApp } from '../service-app.ts';
import { cancellableJob, openableJob, visibleJob } from '../visible-jobs.ts';

/** Adds the routes. */
export function addJobRoutes(app: ServiceApp, context: HttpContext): void {
  addLists(app, context);
  addStatus(app, context);
  addOutcome(app, context);
}

/** A page as it is answered. */
export function jobList({ jobs, next }: JobPage, progress: ProgressBoard) {
  return { jobs: jobs.map((job) => jobView(job, progress.of(job))), next };
}

function addLists(app: ServiceApp, { clientJobs, progress }: HttpContext): void {
  app.get(
    SERVICE_PATHS.jobs,
    {
      config: { access: ['client'] },
      schema: {
        operationId: 'listJobs',
        summary: 'The jobs of this key, newest first',
        description: 'A page may be empty and still have a next one.',
        tags: ['jobs'],
        querystring: OwnJobsQuery,
        response: { 200: component('JobList'), ...refusals() },
      },
    },
    async (request) => {
      const { limit = DEFAULT_PAGE, ...rest } = request.query;
      const page = await clientJobs.page(identityOfRequest(request).name, { limit, ...rest });
      return jobList(page, progress);
    },
  );
}

function addStatus(app: ServiceApp, { pipeline, progress }: HttpContext): void {
  const status = { tags: ['jobs'], response: { 200: component('JobView'), ...refusals(404) } };
  app.get(
    SERVICE_PATHS.job,
    {
      config: { access: ['client'] },
      schema: {
        ...status,
        operationId: 'getJob',
        summary: 'A job as it stands',
        params: JobParameters,
      },
    },
    async (request) => {
      const job = await visibleJob(pipeline, request.params.id, identityOfRequest(request));
      return jobView(job, progress.of(job));
    },
  );
  app.get(
    SERVICE_PATHS.request,
    {
      config: { access: ['client'] },
      schema: {
        ...status,
        operationId: 'getRequest',
        summary: 'The job of a request on chain',
        params: RequestParameters,
      },
    },
    async (request) => {
      const { chainId, requestId } = request.params;
      const id = chainJobId(BigInt(chainId), requestId);
      const job = await visibleJob(pipeline, id, identityOfRequest(request));
      return jobView(job, progress.of(job));
    },
  );
}

function addOutcome(app: ServiceApp, context: HttpContext): void {
  const { pipeline, blobs, models, holders } = context;
  app.get(
    SERVICE_PATHS.jobResult,
    {
      config: { access: ['client'] },
      schema: {
        operationId: 'getJobResult',
        summary: 'Proof, output, and what opens it',
        description:
          'Of a request on chain for those who gave its envelope to this service, or for all if its ' +
          'input stands on the chain.',
        tags: ['jobs'],
        params: JobParameters,
        response: { 200: component('JobResult'), ...refusals(404, 409) },
      },
    },
    async (request, reply) => {
      const identity = identityOfRequest(request);
      const job = await openableJob(pipeline, holders, request.params.id, identity);
      const { modelDigest } = jobView(job);
      const model = await models.get(modelDigest);
      if (model === undefined) throw unknownModel(modelDigest);
      reply.header('cache-control', 'no-store');
      return jobResult(job, model, blobs);
    },
  );
  app.post(
    SERVICE_PATHS.jobCancel,
    {
      config: { access: ['client'] },
      schema: {
        operationId: 'cancelJob',
        summary: 'Give a job up',
        tags: ['jobs'],
        params: JobParameters,
        response: { 200: component('JobView'), ...refusals(404, 409) },
      },
    },
    async (request) => {
      const identity = identityOfRequest(request);
      const { id } = await cancellableJob(pipeline, request.params.id, identity);
      return jobView(await pipeline.cancel(id));
    },
  );
}
