/** The OpenAPI document, made from the routes' own schemas. */
import swagger from '@fastify/swagger';
import type { ServiceApp } from './service-app.ts';

/** Of the API, not of the program. */
const API_VERSION = '1.0.0';

const DESCRIPTION = `Proved inferences over HTTP, and the state of requests on chain.

Send an API key as \`Authorization: Bearer zk_…\`. Answers carry \`RateLimit-Limit\`, \`RateLimit-Remaining\`
and \`RateLimit-Reset\` (seconds); 429 carries \`Retry-After\`. Every answer has an \`X-Request-Id\`.
Refusals are ServiceErrors, whose codes are API and whose texts are not.
Webhooks are signed: \`Zkinfer-Signature: t=<Unix seconds>,v1=<hex of HMAC-SHA256 of "<t>.<body>">\`, under the
secret that was told with the key.`;

const TAGS = {
  jobs: 'Inferences, from submission to result',
  inputs: 'Inputs of requests on chain',
  models: 'What can be asked, and what it costs',
  operators: 'For the key of an operator',
  artifacts: 'For the keys of workers',
  service: 'Whether the service works',
} as const;

/** To be called before routes are added. */
export async function addOpenApi(app: ServiceApp): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'zkinfer', version: API_VERSION, description: DESCRIPTION },
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: zk_<role>_…' },
        },
      },
      security: [{ apiKey: [] }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    },
    refResolver: { buildLocalReference: ({ $id }) => String($id) },
  });
}
