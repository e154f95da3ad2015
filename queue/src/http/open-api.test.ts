import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EnvelopeSchema, JobSubmissionSchema, SERVICE_PATHS } from '@zkinfer/core/service';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { EXAMPLES } from './open-api-examples.ts';
import { COMPONENTS } from './schema-components.ts';
import { CheckedClient, resolveReferences } from './testing/checked-client.ts';
import { type HttpFixture, removeModels, startHttpFixture } from './testing/http-fixture.ts';

let fixture: HttpFixture;
let client: CheckedClient;
before(async () => {
  fixture = await startHttpFixture();
  client = await CheckedClient.connect(fixture.url);
});
after(async () => {
  await fixture.close();
  await removeModels();
});

const schemas: Record<string, TSchema> = {
  ...COMPONENTS,
  Envelope: EnvelopeSchema,
  JobSubmission: JobSubmissionSchema,
};

test('the document describes every path of the service', () => {
  const { login, logout, dashboard, openApi, ...paths } = SERVICE_PATHS;
  const described = Object.keys(client.document.paths).sort();
  const expected = Object.values(paths).map((path) => path.replace(/:(\w+)/g, '{$1}'));
  assert.deepEqual(described, [...new Set(expected)].sort());
});

test('every operation has a name, a summary, a tag, an answer and its refusals', () => {
  const names = new Set<string>();
  for (const [path, operations] of Object.entries(client.document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const { operationId, summary, tags, responses } = operation as unknown as {
        operationId: string;
        summary: string;
        tags: string[];
        responses: Record<string, unknown>;
      };
      const where = `${method} ${path}`;
      assert.ok(operationId && summary && tags.length === 1, where);
      assert.equal(names.has(operationId), false, where);
      names.add(operationId);
      const statuses = Object.keys(responses);
      assert.ok(
        statuses.some((status) => status.startsWith('2')),
        where,
      );
      for (const status of ['401', '403', '429']) assert.ok(statuses.includes(status), where);
    }
  }
});

test('the document says how to authenticate, and all its references lead somewhere', () => {
  const { document } = client;
  const { openapi, security, components } = document as unknown as {
    openapi: string;
    security: unknown;
    components: { securitySchemes: { apiKey: { type: string; scheme: string } } };
  };
  assert.equal(openapi, '3.1.0');
  assert.deepEqual(security, [{ apiKey: [] }]);
  const { type, scheme } = components.securitySchemes.apiKey;
  assert.deepEqual([type, scheme], ['http', 'bearer']);
  resolveReferences(document.paths, document);
});

test('the examples are what the schemas say', () => {
  for (const [name, example] of Object.entries(EXAMPLES)) {
    const [first] = Value.Errors(schemas[name]!, example);
    assert.equal(first, undefined, `${name}: ${first?.instancePath} ${first?.message}`);
  }
  assert.deepEqual(Object.keys(EXAMPLES).sort(), Object.keys(schemas).sort());
});
