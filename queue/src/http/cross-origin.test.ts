import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type HttpFixture, removeModels, startHttpFixture } from './testing/http-fixture.ts';

const PAGE = 'https://app.example';

let fixture: HttpFixture;
before(async () => {
  fixture = await startHttpFixture({ origins: [PAGE] });
});
after(async () => {
  await fixture.close();
  await removeModels();
});

/** What a browser asks before it sends a submission of a page. */
const preflight = (origin: string, url = fixture.url, method = 'POST') =>
  fetch(`${url}/v1/jobs`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    },
  });

test('a page of an allowed origin may send keys and submissions, and no cookies', async () => {
  const { status, headers } = await preflight(PAGE);
  assert.equal(status, 204);
  assert.equal(headers.get('access-control-allow-origin'), PAGE);
  assert.match(headers.get('access-control-allow-headers')!, /authorization.*idempotency-key/);
  assert.equal(headers.get('access-control-allow-credentials'), null);
});

test('its page reads answers, refusals included', async () => {
  const { status, headers } = await fetch(`${fixture.url}/v1/models`, {
    headers: { origin: PAGE },
  });
  assert.equal(status, 401);
  assert.equal(headers.get('access-control-allow-origin'), PAGE);
  assert.match(headers.get('access-control-expose-headers')!, /retry-after/);
});

test('a page of another origin is told nothing', async () => {
  for (const origin of ['https://evil.example', 'http://app.example', 'https://app.example.evil']) {
    const { headers } = await preflight(origin);
    assert.notEqual(headers.get('access-control-allow-origin'), origin, origin);
  }
});

test('artifacts of workers are not written from pages', async () => {
  const { headers } = await preflight(PAGE, fixture.url, 'PUT');
  assert.doesNotMatch(headers.get('access-control-allow-methods') ?? '', /PUT/);
});

test('without allowed origins nothing is allowed', async () => {
  const closed = await startHttpFixture();
  try {
    const { headers } = await preflight(PAGE, closed.url);
    assert.equal(headers.get('access-control-allow-origin'), null);
  } finally {
    await closed.close();
  }
});
