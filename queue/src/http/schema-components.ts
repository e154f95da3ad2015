/** What answers are made of, by name: the components of the OpenAPI document. */
import {
  type JobList,
  JobListSchema,
  type JobResult,
  JobResultSchema,
  type JobView,
  JobViewSchema,
  type ModelDescription,
  ModelDescriptionSchema,
  type Overview,
  OverviewSchema,
  type Quote,
  QuoteSchema,
  type ServiceError,
  ServiceErrorSchema,
  type StoredEnvelope,
  StoredEnvelopeSchema,
} from '@zkinfer/core/service';
import Type from 'typebox';
import { EXAMPLES } from './open-api-examples.ts';
import { type Readiness, ReadinessSchema } from './readiness.ts';
import type { ServiceApp } from './service-app.ts';

/** The schemas by the names that the document gives them. */
export const COMPONENTS = {
  JobList: JobListSchema,
  JobResult: JobResultSchema,
  JobView: JobViewSchema,
  ModelDescription: ModelDescriptionSchema,
  Overview: OverviewSchema,
  Quote: QuoteSchema,
  Readiness: ReadinessSchema,
  ServiceError: ServiceErrorSchema,
  StoredEnvelope: StoredEnvelopeSchema,
} as const;

interface ComponentTypes {
  JobList: JobList;
  JobResult: JobResult;
  JobView: JobView;
  ModelDescription: ModelDescription;
  Overview: Overview;
  Quote: Quote;
  Readiness: Readiness;
  ServiceError: ServiceError;
  StoredEnvelope: StoredEnvelope;
}

/** A reference to a component; handlers are checked against its type. */
export function component<Name extends keyof ComponentTypes>(name: Name) {
  return Type.Unsafe<ComponentTypes[Name]>(Type.Ref(`${name}#`));
}

/** Makes the components known to an app. */
export function addComponents(app: ServiceApp): void {
  for (const [name, schema] of Object.entries(COMPONENTS)) {
    const example = EXAMPLES[name as keyof typeof COMPONENTS];
    app.addSchema({ ...schema, $id: name, examples: [example] });
  }
}

/** The refusals of a route; those that access control makes are added. */
export function refusals<Status extends number>(...statuses: Status[]) {
  const all = [...new Set<number>([...statuses, 400, 401, 403, 429, 500, 503])].sort();
  return Object.fromEntries(all.map((status) => [status, component('ServiceError')])) as Record<
    Status | 400 | 401 | 403 | 429 | 500 | 503,
    ReturnType<typeof component<'ServiceError'>>
  >;
}
