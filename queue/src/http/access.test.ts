import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { servicePath } from '@zkinfer/core/service';
import { drawApiKey } from '../api-keys/api-key.ts';
import { createApiKey, revokeApiKey } from '../api-keys/api-key-file.ts';
import { CheckedClient } from './testing/checked-client.ts';
import {
  type FixtureOptions,
  type HttpFixture,
  removeModels,
  startHttpFixture,
} from './testing/http-fixture.ts';

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

/** A service of its own for one test. */
async function withService(
  options: FixtureOptions,
  run: (own: CheckedClient, fixture: HttpFixture) => Promise<void>,
): Promise<void> {
  const own = await startHttpFixture(options);
  try {
    await run(await CheckedClient.connect(own.url), own);
  } finally {
    await own.close();
  }
}

const digest = 'ab'.repeat(32);

/** Every route that is not public, and who may use it; operators may use all. */
const ROUTES: [method: string, path: string, roles: readonly string[]][] = [
  ['GET', '/v1/models', ['client', 'worker']],
  ['GET', `/v1/models/${digest}`, ['client', 'worker']],
  ['POST', '/v1/quotes', ['client']],
  ['POST', '/v1/envelopes', ['client']],
  ['POST', '/v1/jobs', ['client']],
  ['GET', '/v1/jobs', ['client']],
  ['GET', '/v1/jobs/h-1', ['client']],
  ['GET', '/v1/jobs/h-1/updates', ['client']],
  ['GET', '/v1/jobs/h-1/result', ['client']],
  ['POST', '/v1/jobs/h-1/cancel', ['client']],
  ['GET', `/v1/requests/1/0x${digest}`, ['client']],
  ['GET', '/v1/operator/overview', []],
  ['GET', '/v1/operator/jobs', []],
  ['POST', '/v1/operator/jobs/h-1/retry', []],
  ['GET', `/v1/blobs/${digest}`, ['worker']],
  ['PUT', `/v1/blobs/${digest}`, ['worker']],
  ['GET', `/v1/models/${digest}/files/model.json`, ['worker']],
  ['GET', '/metrics', ['metrics']],
];

test('this list has every route of the document that asks for a key', () => {
  const listed = new Set(
    ROUTES.map(([method, path]) => `${method} ${path.replace(digest, '*').split('/').length}`),
  );
  const described = Object.entries(client.document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => !('security' in operation))
      .map(([method]) => `${method.toUpperCase()} ${path.split('/').length}`),
  );
  assert.equal(described.length, ROUTES.length);
  assert.deepEqual(new Set(described), listed);
});

for (const [method, path, roles] of ROUTES) {
  test(`${method} ${path} asks for a key, and for one that may`, async () => {
    const none = await client.ask(method, path, {});
    assert.deepEqual([none.status, none.code], [401, 'QUEUE_HTTP_UNAUTHENTICATED']);
    assert.equal(none.headers.get('www-authenticate'), 'Bearer');
    for (const [role, key] of Object.entries(fixture.keyOf)) {
      const { status } = await client.ask(method, path, { key });
      const isAllowed = role === 'operator' || roles.includes(role);
      assert.equal(status !== 401 && status !== 403, isAllowed, `${role} got ${status}`);
    }
  });
}

test('what is no key of this service is as good as none', async () => {
  const { keyOf } = fixture;
  for (const authorization of [
    `Bearer ${drawApiKey('operator')}`,
    `Bearer ${keyOf.client.slice(0, -1)}0`,
    `Basic ${keyOf.client}`,
    keyOf.client,
    'Bearer',
    `Bearer ${'x'.repeat(5_000)}`,
  ]) {
    const { status } = await client.get('/v1/models', { headers: { authorization } });
    assert.equal(status, 401);
  }
});

test('a key that is revoked lets nobody in any more', async () => {
  const { key } = await createApiKey(fixture.keysPath, { name: 'leaver', roles: ['client'] });
  assert.equal((await client.get('/v1/models', { key })).status, 200);
  await revokeApiKey(fixture.keysPath, 'leaver');
  assert.equal((await client.get('/v1/models', { key })).status, 401);
});

test('a key may ask so often, is told how often, and when again', async () => {
  const key = (
    await createApiKey(fixture.keysPath, { name: 'slow', roles: ['client'], ratePerMinute: 2 })
  ).key;
  const first = await client.get('/v1/models', { key });
  assert.equal(first.headers.get('ratelimit-limit'), '2');
  assert.equal(first.headers.get('ratelimit-remaining'), '1');
  await client.get('/v1/models', { key });
  const { status, code, headers } = await client.get('/v1/models', { key });
  assert.deepEqual([status, code], [429, 'QUEUE_HTTP_RATE_LIMIT']);
  const wait = Number(headers.get('retry-after'));
  assert.ok(wait >= 1 && wait <= 30);
  assert.equal((await client.get('/v1/models', { key: fixture.keyOf.client })).status, 200);
});

test('an address that guesses keys is stopped, even if it then has one', async () => {
  await withService({ limits: { unauthenticatedPerMinute: 4 } }, async (own, { keyOf }) => {
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) {
      statuses.push((await own.get('/v1/models', { key: drawApiKey('client') })).status);
    }
    // One of the four was the document that the client got.
    assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
    const { code } = await own.get('/v1/models', { key: keyOf.client });
    assert.equal(code, 'QUEUE_HTTP_RATE_LIMIT');
  });
});

test('paths that nobody serves are not found, with the form of every refusal', async () => {
  for (const path of ['/', '/v2/jobs', '/v1/jobs/h-1/x', '/dashboard/', '/..%2f..%2fetc/passwd']) {
    const { status, code } = await client.get(path);
    assert.deepEqual([status, code], [404, 'QUEUE_HTTP_NOT_FOUND'], path);
  }
  const deleted = await client.ask('DELETE', '/v1/jobs', { key: fixture.keyOf.operator });
  assert.equal(deleted.status, 404);
});

test('answers have ids; ids that could forge a line of a log are not taken over', async () => {
  const given = { 'x-request-id': 'trace-7.A_b' };
  const kept = await client.get('/v1/models', { headers: given });
  assert.equal(kept.headers.get('x-request-id'), 'trace-7.A_b');
  assert.equal(kept.body.error.requestId, 'trace-7.A_b');
  for (const bad of ['a b', 'x'.repeat(65), '{"level":60}', 'é']) {
    const { headers } = await client.get('/v1/models', { headers: { 'x-request-id': bad } });
    assert.match(headers.get('x-request-id')!, /^[0-9a-f-]{36}$/);
  }
});

test('answers forbid browsers all that data needs not', async () => {
  const { headers } = await client.get('/healthz');
  const policy = headers.get('content-security-policy');
  assert.equal(policy, "default-src 'none';frame-ancestors 'none'");
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('x-frame-options'), 'DENY');
  assert.equal(headers.get('access-control-allow-origin'), null);
});

test('a failure of ours is told by its code and id alone, and logged', async () => {
  const logged: { err?: Error; requestId?: string }[] = [];
  const silent = { debug() {}, info() {}, warn() {} };
  const logger = { ...silent, error: (fields: object) => logged.push(fields) };
  const overview = () => Promise.reject(new Error('at /var/lib/secret.db'));
  await withService({ overview, logger }, async (own, { keyOf }) => {
    const { status, body } = await own.get('/v1/operator/overview', { key: keyOf.operator });
    const { requestId } = body.error;
    const what = 'something unexpected happened';
    assert.equal(status, 500);
    assert.deepEqual(body, { error: { code: 'QUEUE_UNEXPECTED_ERROR', what, requestId } });
    assert.equal(logged[0]?.requestId, requestId);
    assert.match(logged[0]!.err!.message, /secret/);
  });
});

test('logs name who asked for what, and hold no keys, queries, bodies', async () => {
  const lines: string[] = [];
  const write = (fields: object, message: string) => lines.push(JSON.stringify([fields, message]));
  const logger = { debug: write, info: write, warn: write, error: write };
  await withService({ logger }, async (own, { keyOf }) => {
    const path = `${servicePath('job', { id: 'h-1' })}?webhook=secret-query`;
    await own.get(path, { key: keyOf.client, headers: { cookie: 'a=secret-cookie' } });
    await own.post('/v1/quotes', { key: keyOf.client, body: { secret: 'secret-body' } });
    const [line] = lines.filter((text) => text.includes('/v1/jobs/:id'));
    const [fields] = JSON.parse(line!) as [Record<string, unknown>];
    assert.deepEqual([fields.client, fields.method, fields.status], ['client', 'GET', 404]);
    const all = lines.join('\n');
    assert.equal(/secret-|zk_client_/.test(all), false);
  });
});

test('without keys only this machine is served, under its own names', async () => {
  await withService({ anonymous: true }, async (own, { url }) => {
    assert.equal((await own.get('/v1/operator/overview')).status, 200);
    // A page of another site, whose name was made to point at this machine.
    const { port } = new URL(url);
    const { request } = await import('node:http');
    const statusFor = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { host: '127.0.0.1', port, path: '/v1/models', headers: { host } };
        const sent = request(options, (answer) => resolve(answer.resume().statusCode));
        sent.on('error', reject).end();
      });
    assert.equal(await statusFor(`evil.example:${port}`), 401);
    assert.equal(await statusFor(`localhost:${port}`), 200);
    const foreign = { headers: { origin: 'https://evil.example' } };
    const submitted = await own.post('/v1/jobs/h-1/cancel', foreign);
    assert.deepEqual([submitted.status, submitted.code], [403, 'QUEUE_HTTP_FOREIGN_ORIGIN']);
    assert.equal((await own.post('/v1/jobs/h-1/cancel')).status, 404);
  });
});

test('a service without keys does not open to others', async () => {
  const refused = { code: 'QUEUE_HTTP_ANONYMOUS' };
  await assert.rejects(startHttpFixture({ anonymous: true, host: '0.0.0.0' }), refused);
  await assert.rejects(startHttpFixture({ anonymous: true, trustProxy: ['10.0.0.1'] }), refused);
});

test('forwarded addresses count from trusted proxies alone', async () => {
  const addresses: unknown[] = [];
  const info = (fields: object) => addresses.push((fields as { address: string }).address);
  const logger = { debug() {}, info, warn() {}, error() {} };
  const headers = { 'x-forwarded-for': '203.0.113.9' };
  for (const trustProxy of [[], ['127.0.0.1']]) {
    await withService({ logger, trustProxy }, async (own) => {
      await own.get('/healthz', { headers });
    });
  }
  const seen = addresses.filter((_, i) => i % 2 === 1);
  assert.deepEqual(seen, ['127.0.0.1', '203.0.113.9']);
});

test('a port that is taken is an error that says so', async () => {
  const port = Number(new URL(fixture.url).port);
  await assert.rejects(startHttpFixture({ port }), { code: 'QUEUE_HTTP_LISTEN' });
});
