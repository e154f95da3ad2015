import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createApiKey, revokeApiKey } from '../../api-keys/api-key-file.ts';
import { type HttpFixture, removeModels, startHttpFixture } from '../testing/http-fixture.ts';

let fixture: HttpFixture;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-dashboard-'));
  await mkdir(join(folder, 'dashboard'));
  await writeFile(join(folder, 'secret.txt'), 'outside');
  await writeFile(join(folder, 'dashboard', 'index.html'), '<title>dashboard</title>');
  await writeFile(join(folder, 'dashboard', 'main.js'), 'void 0');
  await writeFile(join(folder, 'dashboard', '.hidden'), 'hidden');
  const directory = pathToFileURL(`${join(folder, 'dashboard')}/`);
  fixture = await startHttpFixture({ dashboard: { directory }, limits: { sessionMs: 60_000 } });
});
after(async () => {
  await fixture.close();
  await removeModels();
  await rm(folder, { recursive: true, force: true });
});

const ask = (path: string, init: RequestInit = {}) =>
  fetch(fixture.url + path, { redirect: 'manual', ...init });

/** As a browser does from the service's own page. */
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  ask(path, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { origin: fixture.url, ...headers },
  });

async function signIn(key = fixture.keyOf.operator): Promise<string> {
  const answer = await post('/login', { key });
  assert.equal(answer.status, 303);
  return answer.headers.get('set-cookie')!.split(';')[0]!;
}

test('a browser without a session is sent to the login, and back to where it was going', async () => {
  const answer = await ask('/dashboard/main.js?x=1');
  assert.equal(answer.status, 303);
  const login = answer.headers.get('location')!;
  assert.equal(login, '/login?next=%2Fdashboard%2Fmain.js%3Fx%3D1');
  const page = await ask(login);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /name="next" value="\/dashboard\/main\.js\?x=1"/);
  const key = fixture.keyOf.operator;
  const back = await post('/login', { key, next: '/dashboard/main.js?x=1' });
  assert.equal(back.headers.get('location'), '/dashboard/main.js?x=1');
});

test('the session is a cookie that scripts and other sites do not get', async () => {
  const answer = await post('/login', { key: fixture.keyOf.operator });
  const [pair, ...attributes] = answer.headers.get('set-cookie')!.split('; ');
  assert.match(pair!, /^zkinfer_session=[\w-]{43}$/);
  assert.deepEqual(attributes, ['Path=/', 'Max-Age=60', 'HttpOnly', 'SameSite=Strict']);
  const cookie = pair!;
  const page = await ask('/dashboard/', { headers: { cookie } });
  assert.equal(await page.text(), '<title>dashboard</title>');
  assert.match(page.headers.get('content-security-policy')!, /script-src 'self';/);
  assert.equal(page.headers.get('cache-control'), 'private, no-cache');
  assert.equal((await ask('/v1/operator/overview', { headers: { cookie } })).status, 200);
});

test('the login page has no scripts, one style of its own, and is framed by nobody', async () => {
  const page = await ask('/login');
  const policy = page.headers.get('content-security-policy')!;
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; /);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.equal(page.headers.get('referrer-policy'), 'same-origin');
  assert.equal((await page.text()).includes('<script'), false);
});

test('keys of others, and what is no key, sign nobody in', async () => {
  for (const key of [fixture.keyOf.client, fixture.keyOf.worker, 'zk_operator_00', '']) {
    const answer = await post('/login', { key, next: '"><script>' });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get('set-cookie'), null);
    const text = await answer.text();
    assert.match(text, /role="alert"/);
    assert.equal(text.includes('<script>'), false);
  }
  assert.equal((await post('/login', {})).status, 401);
});

test('the way after the login leads to no other site', async () => {
  const key = fixture.keyOf.operator;
  for (const next of [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/dashboard/\r\nset-cookie: a=b',
    '/dashboard/../../v1/jobs',
    'javascript:alert(1)',
  ]) {
    const answer = await post('/login', { key, next });
    const location = answer.headers.get('location')!;
    const target = new URL(location, fixture.url);
    assert.equal(target.origin, fixture.url);
    assert.match(location, /^\/dashboard\//);
    assert.equal(answer.headers.get('a'), null);
  }
});

test('forms of other sites, and of nobody, sign nobody in or out', async () => {
  const key = fixture.keyOf.operator;
  const cookie = await signIn();
  for (const origin of ['https://evil.example', 'null', `${fixture.url}.evil.example`]) {
    assert.equal((await post('/login', { key }, { origin })).status, 403);
    assert.equal((await post('/logout', {}, { origin, cookie })).status, 403);
  }
  const none = await ask('/login', { method: 'POST', body: new URLSearchParams({ key }) });
  assert.equal(none.status, 403);
  assert.equal((await ask('/v1/operator/overview', { headers: { cookie } })).status, 200);
});

test('a session reads, and changes things for its own pages alone', async () => {
  const cookie = await signIn();
  const cancel = (headers: Record<string, string>) =>
    ask('/v1/jobs/h-1/cancel', { method: 'POST', headers: { cookie, ...headers } });
  assert.equal((await cancel({ origin: fixture.url })).status, 404);
  for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }] as Record<
    string,
    string
  >[]) {
    const answer = await cancel(headers);
    const { error } = (await answer.json()) as { error: { code: string } };
    assert.deepEqual([answer.status, error.code], [403, 'QUEUE_HTTP_FOREIGN_ORIGIN']);
  }
});

test('signing out ends the session everywhere, and its cookie', async () => {
  const cookie = await signIn();
  const answer = await post('/logout', {}, { cookie });
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/login']);
  assert.match(answer.headers.get('set-cookie')!, /^zkinfer_session=; .*Max-Age=0/);
  assert.equal((await ask('/v1/operator/overview', { headers: { cookie } })).status, 401);
});

test('a session ends with the key that it began with', async () => {
  const { key } = await createApiKey(fixture.keysPath, { name: 'leaver', roles: ['operator'] });
  const cookie = await signIn(key);
  assert.equal((await ask('/v1/operator/overview', { headers: { cookie } })).status, 200);
  await revokeApiKey(fixture.keysPath, 'leaver');
  assert.equal((await ask('/v1/operator/overview', { headers: { cookie } })).status, 401);
});

test('cookies that are no sessions are as good as none', async () => {
  const cookie = await signIn();
  for (const other of [`${cookie}x`, cookie.toUpperCase(), 'zkinfer_session=', 'a=b; c', ';;;']) {
    const { status } = await ask('/v1/operator/overview', { headers: { cookie: other } });
    assert.equal(status, 401, other);
  }
  const among = { cookie: `a=b; ${cookie}; c=d` };
  assert.equal((await ask('/v1/operator/overview', { headers: among })).status, 200);
});

test('files outside the dashboard, and hidden ones, are not given out', async () => {
  const headers = { cookie: await signIn() };
  for (const path of [
    '/dashboard/..%2fsecret.txt',
    '/dashboard/%2e%2e/secret.txt',
    '/dashboard/.hidden',
    '/dashboard/nothing.js',
    '/dashboard/%00',
  ]) {
    const answer = await ask(path, { headers });
    assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${answer.status}`);
    assert.equal((await answer.text()).includes('outside'), false);
  }
});

test('those whose key is not an operator’s are refused, not sent to the login', async () => {
  const authorization = `Bearer ${fixture.keyOf.client}`;
  const answer = await ask('/dashboard/', { headers: { authorization } });
  assert.equal(answer.status, 403);
});
