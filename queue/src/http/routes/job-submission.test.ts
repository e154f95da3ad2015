import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { REALS_CONTENT_TYPE } from '@zkinfer/core/service';
import { createApiKey } from '../../api-keys/api-key-file.ts';
import { readInferenceRequest } from '../../jobs/inference-request.ts';
import { CheckedClient, type CheckedRequest } from '../testing/checked-client.ts';
import { finishJob } from '../testing/finish-job.ts';
import {
  type HttpFixture,
  removeModels,
  smallEnvelope,
  startHttpFixture,
} from '../testing/http-fixture.ts';

let fixture: HttpFixture;
let client: CheckedClient;
let key: string;
let modelDigest: string;
before(async () => {
  fixture = await startHttpFixture();
  client = await CheckedClient.connect(fixture.url);
  key = fixture.keyOf.client;
  ({ modelDigest } = fixture.model);
});
after(async () => {
  await fixture.close();
  await removeModels();
});

const submit = (body: unknown, request: CheckedRequest = {}) =>
  client.post('/v1/jobs', { key, body, ...request });
const named = (name: string) => ({ headers: { 'idempotency-key': name } });

/** The envelope of [3, 4] as JSON, changed. */
const envelope = (change: object = {}) => {
  const { version, words, inputSalt } = smallEnvelope(fixture.model);
  return { version, modelDigest, words: words.map(String), inputSalt: `${inputSalt}`, ...change };
};
const withEnvelope = (change: object = {}) => ({
  modelDigest,
  input: { envelope: envelope(change) },
});
const withReals = (reals: unknown, rest: object = {}) => ({
  modelDigest,
  input: { reals },
  ...rest,
});

const float32 = (...reals: number[]) => {
  const bytes = new DataView(new ArrayBuffer(4 * reals.length));
  reals.forEach((real, i) => {
    bytes.setFloat32(4 * i, real, true);
  });
  return new Uint8Array(bytes.buffer);
};
const submitBinary = (query: string, body: Uint8Array, name?: string) =>
  client.post(`/v1/jobs${query}`, {
    key,
    body,
    headers: {
      'content-type': REALS_CONTENT_TYPE,
      ...(name === undefined ? {} : { 'idempotency-key': name }),
    },
  });

test('an envelope, reals, and reals in binary are the same input', async () => {
  const answers = [
    await submit(withEnvelope()),
    await submit({ modelDigest, input: { reals: [[3, 4]], inputSalt: '0' } }),
    await submitBinary(`?modelDigest=${modelDigest}&inputSalt=0`, float32(3, 4)),
  ];
  const blobs = new Set<string>();
  for (const { status, headers, body } of answers) {
    assert.equal(status, 201);
    assert.equal(headers.get('location'), `/v1/jobs/${body.id}`);
    assert.match(headers.get('idempotency-key')!, /^[0-9a-f-]{36}$/);
    const { input } = readInferenceRequest((await fixture.pipeline.get(body.id))!.request);
    assert.ok(input.kind === 'blob');
    blobs.add(input.sha256);
  }
  assert.equal(blobs.size, 1);
  assert.deepEqual(await finishJob(fixture, answers[2]!.body.id), [35, 14]);
});

test('a request that is sent again is the same job, in whatever form and with a drawn salt', async () => {
  const first = await submit(withReals([[3, 4]]), named('again'));
  const tries = await Promise.all([
    submit(withReals([[3, 4]]), named('again')),
    submit(withReals([[3, 4]]), named('again')),
    submitBinary(`?modelDigest=${modelDigest}`, float32(3, 4), 'again'),
  ]);
  assert.equal(first.status, 201);
  for (const { status, body } of tries) {
    assert.equal(status, 200);
    assert.equal(body.id, first.body.id);
  }
});

test('many at once under one key are one job', async () => {
  const tries = await Promise.all(
    Array.from({ length: 10 }, () => submit(withReals([[1, 2]]), named('at-once'))),
  );
  assert.deepEqual(tries.map(({ status }) => status).sort(), [...Array(9).fill(200), 201]);
});

test('another request under the same key is refused, whatever differs', async () => {
  await submit(withReals([[3, 4]]), named('differs'));
  for (const other of [
    withReals([[3, 5]]),
    withReals([[3, 4]], { binder: '1' }),
    withReals([[3, 4]], { deadline: Date.now() + 60_000 }),
    withReals([[3, 4]], { webhook: 'https://example.com/' }),
    { modelDigest, input: { reals: [[3, 4]], inputSalt: '0' } },
  ]) {
    const { status, code } = await submit(other, named('differs'));
    assert.deepEqual([status, code], [409, 'QUEUE_JOB_DIFFERS']);
  }
});

test('keys of different clients never meet; salts neither', async () => {
  const { key: other } = await createApiKey(fixture.keysPath, { name: 'other', roles: ['client'] });
  const mine = await submit(withReals([[3, 4]]), named('mine'));
  const theirs = await submit(withReals([[3, 4]]), { ...named('mine'), key: other });
  assert.equal(theirs.status, 201);
  assert.notEqual(theirs.body.id, mine.body.id);
  const jobs = await Promise.all([mine, theirs].map(({ body }) => fixture.pipeline.get(body.id)));
  const [a, b] = jobs.map((job) => readInferenceRequest(job!.request).input);
  assert.notDeepEqual(a, b);
});

const tooBig = `${SCALAR_FIELD_ORDER}`;
const refusals: [what: string, body: () => unknown, status: number, code: string][] = [
  ['no body that it should be', () => ({}), 400, 'CORE_SCHEMA'],
  ['an unknown key', () => ({ ...withEnvelope(), prize: 1 }), 400, 'CORE_SCHEMA'],
  [
    'an own __proto__',
    () => JSON.parse(`{"modelDigest":"${modelDigest}","input":{"reals":[[3,4]]},"__proto__":{}}`),
    400,
    'QUEUE_HTTP_BAD_REQUEST',
  ],
  [
    'both forms at once',
    () => ({ modelDigest, input: { envelope: envelope(), reals: [[1, 2]] } }),
    400,
    'CORE_SCHEMA',
  ],
  [
    'a model that is not served',
    () => ({ ...withEnvelope(), modelDigest: 'ab'.repeat(32) }),
    404,
    'QUEUE_MODEL_UNKNOWN',
  ],
  [
    'a model that is a path',
    () => ({ ...withEnvelope(), modelDigest: '../../etc/passwd' }),
    400,
    'CORE_SCHEMA',
  ],
  [
    'an envelope for another model',
    () => withEnvelope({ modelDigest: 'ab'.repeat(32) }),
    422,
    'QUEUE_INPUT_MODEL',
  ],
  ['too many words', () => withEnvelope({ words: ['1', '2'] }), 422, 'CORE_WORD_COUNT'],
  ['no words', () => withEnvelope({ words: [] }), 400, 'CORE_SCHEMA'],
  [
    'a word with bits beyond its elements',
    () => withEnvelope({ words: [`${2 ** 16}`] }),
    422,
    'CORE_WORD_RANGE',
  ],
  [
    'a word that is no field element',
    () => withEnvelope({ words: [tooBig] }),
    422,
    'CORE_FIELD_ELEMENT_RANGE',
  ],
  ['a word with a sign', () => withEnvelope({ words: ['-1'] }), 400, 'CORE_SCHEMA'],
  [
    'a salt that is no field element',
    () => withEnvelope({ inputSalt: tooBig }),
    422,
    'CORE_FIELD_ELEMENT_RANGE',
  ],
  [
    'a salt that hides nothing',
    () => ({ modelDigest, input: { reals: [[3, 4]], inputSalt: '5' } }),
    422,
    'CORE_SALT_WEAK',
  ],
  ['reals of another shape', () => withReals([[3, 4, 5]]), 422, 'CORE_INPUT_SHAPE'],
  ['ragged reals', () => withReals([[[1], 2]]), 422, 'CORE_NUMBERS_SHAPE'],
  ['null for a real', () => withReals([[Number.NaN, 4]]), 422, 'CORE_NUMBERS_ELEMENT'],
  ['a real beyond float32', () => withReals([[1e300, 4]]), 422, 'CORE_INPUT_NOT_FINITE'],
  ['text for reals', () => withReals('3,4'), 400, 'CORE_SCHEMA'],
  [
    'a binder that is no field element',
    () => ({ ...withEnvelope(), binder: tooBig }),
    422,
    'CORE_FIELD_ELEMENT_RANGE',
  ],
  [
    'a deadline that has passed',
    () => ({ ...withEnvelope(), deadline: 1 }),
    422,
    'QUEUE_HTTP_DEADLINE_PASSED',
  ],
  [
    'a webhook without TLS',
    () => ({ ...withEnvelope(), webhook: 'http://example.com/' }),
    422,
    'QUEUE_URL_REFUSED',
  ],
  [
    'a webhook with a password',
    () => ({ ...withEnvelope(), webhook: 'https://a:b@example.com/' }),
    422,
    'QUEUE_URL_REFUSED',
  ],
  [
    'a webhook that is a file',
    () => ({ ...withEnvelope(), webhook: 'file:///etc/passwd' }),
    422,
    'QUEUE_URL_REFUSED',
  ],
];
for (const [what, body, status, code] of refusals) {
  test(`refuses ${what}, and makes no job`, async () => {
    const jobs = await fixture.pipeline.count('active');
    const answer = await submit(body());
    assert.deepEqual([answer.status, answer.code], [status, code]);
    assert.equal(await fixture.pipeline.count('active'), jobs);
  });
}

test('what a refusal says of a secret is not the secret', async () => {
  const secret = '31415926535897932384626433832795028841';
  const answer = await submit(withEnvelope({ words: ['1', '2'], inputSalt: secret }));
  const malformed = await submit(withEnvelope({ inputSalt: `x${secret}` }));
  for (const { body } of [answer, malformed]) {
    assert.equal(JSON.stringify(body).includes(secret), false);
  }
});

test('refuses binary reals of another length, unknown models, NaN', async () => {
  const cases = [
    [`?modelDigest=${modelDigest}`, float32(1), 422, 'QUEUE_HTTP_INPUT_BYTES'],
    [`?modelDigest=${modelDigest}`, float32(1, 2, 3), 422, 'QUEUE_HTTP_INPUT_BYTES'],
    [`?modelDigest=${modelDigest}`, float32(Number.NaN, 1), 422, 'CORE_INPUT_NOT_FINITE'],
    [
      `?modelDigest=${modelDigest}`,
      float32(Number.POSITIVE_INFINITY, 1),
      422,
      'CORE_INPUT_NOT_FINITE',
    ],
    [`?modelDigest=${'ab'.repeat(32)}`, float32(1, 2), 404, 'QUEUE_MODEL_UNKNOWN'],
    ['?modelDigest=../x', float32(1, 2), 400, 'CORE_SCHEMA'],
    ['', float32(1, 2), 400, 'QUEUE_HTTP_BAD_REQUEST'],
  ] as const;
  for (const [query, body, status, code] of cases) {
    const answer = await submitBinary(query, body);
    assert.deepEqual([answer.status, answer.code], [status, code]);
  }
});

test('refuses bodies that are no JSON, of other types, too large, of unknown length', async () => {
  const send = async (
    headers: Record<string, string>,
    body: string | ReadableStream,
    more: object = {},
  ) => {
    const init = { method: 'POST', body, headers: { authorization: `Bearer ${key}`, ...headers } };
    const answer = await fetch(`${fixture.url}/v1/jobs`, { ...init, ...more });
    return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code];
  };
  const json = { 'content-type': 'application/json' };
  const nested = '['.repeat(2_000) + ']'.repeat(2_000);
  assert.deepEqual(await send(json, '{"modelDigest":'), [400, 'QUEUE_HTTP_BAD_REQUEST']);
  assert.deepEqual(await send(json, nested), [400, 'CORE_SCHEMA']);
  assert.deepEqual(await send({ 'content-type': 'text/plain' }, '{}'), [
    415,
    'QUEUE_HTTP_MEDIA_TYPE',
  ]);
  assert.deepEqual(await send(json, 'x'.repeat(20_000)), [413, 'QUEUE_HTTP_TOO_LARGE']);
  const stream = new Blob(['{}']).stream();
  assert.deepEqual(await send(json, stream, { duplex: 'half' }), [411, 'QUEUE_HTTP_LENGTH']);
});

test('refuses idempotency keys that are none', async () => {
  for (const name of ['a b', 'x'.repeat(129), 'é', '\t']) {
    const headers = { 'idempotency-key': name };
    const { status, code } = await submit(withEnvelope(), { headers });
    assert.deepEqual([status, code], [400, 'QUEUE_HTTP_IDEMPOTENCY_KEY']);
  }
});

test('a quota counts jobs, not what is sent again or refused', async () => {
  const { key: small } = await createApiKey(fixture.keysPath, {
    name: 'small',
    roles: ['client'],
    dailyJobs: 2,
  });
  const statusOf = async (body: unknown, name: string) =>
    (await submit(body, { ...named(name), key: small })).status;
  assert.equal(await statusOf(withReals([[1, 2]]), 'a'), 201);
  assert.equal(await statusOf(withReals([[1, 2]]), 'a'), 200);
  assert.equal(await statusOf(withReals([[1, 9]]), 'a'), 409);
  assert.equal(await statusOf(withReals([[1]]), 'b'), 422);
  assert.equal(await statusOf(withReals([[1, 2]]), 'b'), 201);
  const { status, code, headers } = await submit(withEnvelope(), { key: small });
  assert.deepEqual([status, code], [429, 'QUEUE_HTTP_DAILY_QUOTA']);
  assert.ok(Number(headers.get('retry-after')) > 0);
  assert.equal(await statusOf(withReals([[1, 2]]), 'a'), 200);
  const stored = await client.post('/v1/envelopes', { key: small, body: envelope() });
  assert.equal(stored.code, 'QUEUE_HTTP_DAILY_QUOTA');
});

test('what was counted for a job that is not made is given back', async () => {
  const dailyJobs = 6;
  const { key: own } = await createApiKey(fixture.keysPath, {
    name: 'counted',
    roles: ['client'],
    dailyJobs,
  });
  const statusOf = async (name: string) =>
    (await submit(withReals([[1, 2]]), { ...named(name), key: own })).status;
  await Promise.all(Array.from({ length: dailyJobs }, () => statusOf('one')));
  for (let i = 1; i < dailyJobs; i++) assert.equal(await statusOf(`more-${i}`), 201);
  assert.equal(await statusOf('last'), 429);
});

test('an envelope is stored for the chain under what it commits to', async () => {
  const { status, body } = await client.post('/v1/envelopes', { key, body: envelope() });
  assert.equal(status, 201);
  assert.equal(body.uri, `zkinfer:input/${body.inputHash}`);
  for (const [change, code] of [
    [{ modelDigest: 'ab'.repeat(32) }, 'QUEUE_MODEL_UNKNOWN'],
    [{ words: ['1', '2'] }, 'CORE_WORD_COUNT'],
    [{ words: [tooBig] }, 'CORE_FIELD_ELEMENT_RANGE'],
    [{ version: 2 }, 'CORE_SCHEMA'],
  ] as const) {
    const answer = await client.post('/v1/envelopes', { key, body: envelope(change) });
    assert.equal(answer.code, code);
  }
});
