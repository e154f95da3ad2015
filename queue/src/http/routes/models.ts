/** The models that are served, and what an inference of them would cost. */
import { QuoteRequestSchema, SERVICE_PATHS } from '@zkinfer/core/service';
import Type from 'typebox';
import { unknownModel } from '../../artifacts/model-files.ts';
import type { HttpContext } from '../http-context.ts';
import { ModelParameters } from '../route-parameters.ts';
import { component, refusals } from '../schema-components.ts';
import type { ServiceApp } from '../service-app.ts';

/** Adds the routes. */
export function addModelRoutes(app: ServiceApp, { models, quotes }: HttpContext): void {
  app.get(
    SERVICE_PATHS.models,
    {
      config: { access: ['client', 'worker'] },
      schema: {
        operationId: 'listModels',
        summary: 'The models that are served',
        tags: ['models'],
        response: { 200: Type.Array(component('ModelDescription')), ...refusals() },
      },
    },
    async () => [...(await models.list())],
  );
  app.get(
    SERVICE_PATHS.model,
    {
      config: { access: ['client', 'worker'] },
      schema: {
        operationId: 'getModel',
        summary: 'One model',
        tags: ['models'],
        params: ModelParameters,
        response: { 200: component('ModelDescription'), ...refusals(404) },
      },
    },
    async ({ params }) => {
      const model = await models.get(params.modelDigest);
      if (model === undefined) throw unknownModel(params.modelDigest);
      return model;
    },
  );
  app.post(
    SERVICE_PATHS.quotes,
    {
      config: { access: ['client'] },
      schema: {
        operationId: 'quote',
        summary: 'What an inference would take and cost if it came now',
        tags: ['models'],
        body: QuoteRequestSchema,
        response: { 200: component('Quote'), ...refusals(404, 415, 422) },
      },
    },
    async ({ body }) => {
      const { modelDigest } = body;
      if ((await models.get(modelDigest)) === undefined) throw unknownModel(modelDigest);
      return quotes(modelDigest);
    },
  );
}
