/** What operators see and do. */
import { SERVICE_PATHS } from '@zkinfer/core/service';
import { pageOfAllJobs } from '../all-jobs.ts';
import type { HttpContext } from '../http-context.ts';
import { jobView } from '../job-view.ts';
import { AllJobsQuery, DEFAULT_PAGE, JobParameters } from '../route-parameters.ts';
import { component, refusals } from '../schema-components.ts';
import type { ServiceApp } from '../service-app.ts';
import { jobList } from './jobs.ts';

/** Adds the routes. */
export function addOperatorRoutes(app: ServiceApp, context: HttpContext): void {
  const { pipeline, progress, overview } = context;
  app.get(
    SERVICE_PATHS.overview,
    {
      config: { access: ['operator'] },
      schema: {
        operationId: 'getOverview',
        summary: 'Queues, workers, chains, latencies',
        tags: ['operators'],
        response: { 200: component('Overview'), ...refusals() },
      },
    },
    () => overview(),
  );
  app.get(
    SERVICE_PATHS.operatorJobs,
    {
      config: { access: ['operator'] },
      schema: {
        operationId: 'listAllJobs',
        summary: 'The jobs of everybody, newest first',
        tags: ['operators'],
        querystring: AllJobsQuery,
        response: { 200: component('JobList'), ...refusals(404) },
      },
    },
    async ({ query: { limit = DEFAULT_PAGE, ...rest } }) =>
      jobList(await pageOfAllJobs(pipeline, { limit, ...rest }), progress),
  );
  app.post(
    SERVICE_PATHS.operatorRetry,
    {
      config: { access: ['operator'] },
      schema: {
        operationId: 'retryJob',
        summary: 'Begin a failed or parked job anew at the stage where it ended',
        tags: ['operators'],
        params: JobParameters,
        response: { 200: component('JobView'), ...refusals(404, 409) },
      },
    },
    async ({ params }) => jobView(await pipeline.retry(params.id)),
  );
}
