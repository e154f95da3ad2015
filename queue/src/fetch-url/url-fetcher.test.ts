import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { after, afterEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from '../testing/test-certificate.ts';
import { UrlFetcher, type UrlFetcherOptions } from './url-fetcher.ts';
import type { UrlNetwork } from './url-network.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** In these tests 127.0.0.2 is the public internet, and 127.0.0.1 the machine's own. */
const PUBLIC = '127.0.0.2';
const PRIVATE = '127.0.0.1';
const LARGEST_BYTES = 1000;
/** For hosts that are slow on purpose; others have long enough on a busy machine. */
const HURRY_MS = 400;
const TIMEOUT_MS = 20_000;

let handle: Handler = (_, response) => response.end('hello');
let handlePrivate: Handler = (_, response) => response.end('secret of the machine');
let privateRequests = 0;
afterEach(() => {
  handle = (_, response) => response.end('hello');
  handlePrivate = (_, response) => response.end('secret of the machine');
  privateRequests = 0;
});

const tls = { cert: TEST_CERTIFICATE, key: TEST_CERTIFICATE_KEY };
const onPublic: Handler = (request, response) => handle(request, response);
const onPrivate: Handler = (request, response) => {
  privateRequests++;
  handlePrivate(request, response);
};
const publicServer = createSecureServer(tls, onPublic);
const port = await listen(publicServer, PUBLIC);
const privateServer = createSecureServer(tls, onPrivate);
await listen(privateServer, PRIVATE, port);
const store = createServer(onPrivate);
const storeOrigin = `http://${PRIVATE}:${await listen(store, PRIVATE)}`;
after(() => {
  for (const server of [publicServer, privateServer, store]) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server, host: string, at = 0): Promise<number> {
  server.listen(at, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Answers of a name server, one after the other; the last one stays. */
function networkOf(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const network: UrlNetwork = {
    async resolve(hostname) {
      asked.push(hostname);
      return answers[Math.min(asked.length, answers.length) - 1]!;
    },
    isPublic: (address) => address === PUBLIC,
    certificateAuthority: TEST_CERTIFICATE,
  };
  return { network, asked };
}

function fetcherOf(options: UrlFetcherOptions = {}): UrlFetcher {
  return new UrlFetcher({ timeoutMs: TIMEOUT_MS, ...networkOf([PUBLIC]), ...options });
}

const urlOf = (path = '/', host = 'a.zkinfer.test') => `https://${host}:${port}${path}`;
const get = async (url = urlOf(), fetcher = fetcherOf()) =>
  new TextDecoder().decode(await fetcher.get(url, { largestBytes: LARGEST_BYTES }));

test('behavior: a body is fetched over https, asked for plainly', async () => {
  let headers: IncomingMessage['headers'] = {};
  handle = (request, response) => {
    headers = request.headers;
    response.end('{}');
  };
  assert.equal(await get(urlOf('/a?b=c#d')), '{}');
  assert.equal(headers['accept-encoding'], 'identity');
  for (const name of ['authorization', 'cookie', 'referer', 'origin']) {
    assert.equal(headers[name], undefined, name);
  }
});

test('behavior: an allowed origin may be http and private', async () => {
  handlePrivate = (_, response) => response.end('input');
  assert.equal(await get(`${storeOrigin}/in`, fetcherOf({ allow: [storeOrigin] })), 'input');
});

test('error: the same origin is refused where it is not allowed', async () => {
  await assert.rejects(get(`${storeOrigin}/in`), { code: 'QUEUE_URL_REFUSED' });
  assert.equal(privateRequests, 0);
});

test('error: a name that leads to a private address is refused unasked', async () => {
  for (const addresses of [[PRIVATE], [PUBLIC, PRIVATE], [PRIVATE, PUBLIC], ['::1']]) {
    const fetcher = fetcherOf(networkOf(addresses));
    await assert.rejects(get(urlOf(), fetcher), { code: 'QUEUE_URL_REFUSED' });
  }
  assert.equal(privateRequests, 0);
});

test('error: a name that is public when checked and private when used is used as checked', async () => {
  const { network, asked } = networkOf([PUBLIC], [PRIVATE]);
  const fetcher = fetcherOf({ network });
  assert.equal(await get(urlOf(), fetcher), 'hello');
  assert.equal(asked.length, 1);
  await assert.rejects(get(urlOf(), fetcher), { code: 'QUEUE_URL_REFUSED' });
  assert.equal(privateRequests, 0);
});

test('error: a name without addresses, or without a name server, may have one later', async () => {
  const none = fetcherOf(networkOf([]));
  await assert.rejects(get(urlOf(), none), { code: 'QUEUE_URL_UNREACHABLE' });
  const { network } = networkOf();
  const failing = { ...network, resolve: () => Promise.reject(new Error('SERVFAIL')) };
  await assert.rejects(get(urlOf(), fetcherOf({ network: failing })), {
    code: 'QUEUE_URL_UNREACHABLE',
  });
});

test('error: a certificate for another name, or of nobody, is no connection', async () => {
  const other = get(urlOf('/', 'host.example'));
  await assert.rejects(other, { code: 'QUEUE_URL_UNREACHABLE' });
  const { certificateAuthority: _, ...network } = networkOf([PUBLIC]).network;
  await assert.rejects(get(urlOf(), fetcherOf({ network })), { code: 'QUEUE_URL_UNREACHABLE' });
});

test('behavior: redirects are followed, three at most, each name resolved', async () => {
  const { network, asked } = networkOf([PUBLIC]);
  handle = ({ url }, response) => {
    const left = Number(url!.slice(1));
    if (left === 0) response.end('there');
    else
      response.writeHead(302, { location: urlOf(`/${left - 1}`, `h${left}.zkinfer.test`) }).end();
  };
  assert.equal(await get(urlOf('/3'), fetcherOf({ network })), 'there');
  assert.deepEqual(
    asked,
    ['a', 'h3', 'h2', 'h1'].map((name) => `${name}.zkinfer.test`),
  );
  await assert.rejects(get(urlOf('/4')), { code: 'QUEUE_URL_REDIRECTS' });
});

test('behavior: a relative redirect stays at its host', async () => {
  handle = ({ url }, response) => {
    if (url === '/there') response.end('relative');
    else response.writeHead(307, { location: '/there' }).end();
  };
  assert.equal(await get(), 'relative');
});

test('error: a redirect loop ends', async () => {
  let requests = 0;
  handle = (_, response) => {
    requests++;
    response.writeHead(301, { location: urlOf() }).end();
  };
  await assert.rejects(get(), { code: 'QUEUE_URL_REDIRECTS' });
  assert.equal(requests, 4);
});

test('error: redirects to what would be refused are refused', async () => {
  const targets = [
    `https://${PRIVATE}:${port}/`,
    `http://a.zkinfer.test:${port}/`,
    `${storeOrigin}/`,
    'file:///etc/passwd',
    `https://user:pass@a.zkinfer.test:${port}/`,
    'http://[::ffff:127.0.0.1]/',
    'https://0x7f000001/',
    'https://',
  ];
  for (const location of targets) {
    handle = (_, response) => response.writeHead(302, { location }).end();
    await assert.rejects(get(), { code: 'QUEUE_URL_REFUSED' }, location);
  }
  const { network } = networkOf([PUBLIC], [PRIVATE]);
  handle = (_, response) =>
    response.writeHead(302, { location: urlOf('/', 'b.zkinfer.test') }).end();
  await assert.rejects(get(urlOf(), fetcherOf({ network })), { code: 'QUEUE_URL_REFUSED' });
  assert.equal(privateRequests, 0);
});

test('error: an allowed origin cannot lead to other private places', async () => {
  handlePrivate = (_, response) =>
    response.writeHead(302, { location: `https://${PRIVATE}:${port}/` }).end();
  const fetcher = fetcherOf({ allow: [storeOrigin] });
  await assert.rejects(get(`${storeOrigin}/`, fetcher), { code: 'QUEUE_URL_REFUSED' });
  assert.equal(privateRequests, 1);
});

test('error: a body that is too large is left, announced or endless', async () => {
  handle = (_, response) => response.end('x'.repeat(LARGEST_BYTES));
  assert.equal((await get()).length, LARGEST_BYTES);
  handle = (_, response) => response.end('x'.repeat(LARGEST_BYTES + 1));
  await assert.rejects(get(), { code: 'QUEUE_URL_TOO_LARGE' });
  let closed: Promise<unknown> | undefined;
  handle = (_, response) => {
    closed = once(response, 'close');
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(500)));
    };
    response.on('drain', write);
    write();
  };
  await assert.rejects(get(), { code: 'QUEUE_URL_TOO_LARGE' });
  await closed;
});

test('error: a compressed body is refused, so that it cannot grow', async () => {
  const bomb = gzipSync(Buffer.alloc(1 << 20));
  handle = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  const fetcher = fetcherOf();
  const fetched = fetcher.get(urlOf(), { largestBytes: 1 << 30 });
  await assert.rejects(fetched, { code: 'QUEUE_URL_ENCODING' });
  handle = (_, response) => response.end(bomb);
  const raw = await fetcher.get(urlOf(), { largestBytes: 1 << 30 });
  assert.deepEqual(Buffer.from(raw), bomb);
});

test('error: a host that says nothing, drips, or stops is left in time', async () => {
  const silent: Handler = () => {};
  const dripping: Handler = (_, response) => {
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  };
  const stopping: Handler = (_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
  };
  const redirecting: Handler = (_, response) => {
    setTimeout(() => response.writeHead(302, { location: urlOf() }).end(), HURRY_MS / 2.5);
  };
  for (const slow of [silent, dripping, stopping, redirecting]) {
    handle = slow;
    await assert.rejects(get(urlOf(), fetcherOf({ timeoutMs: HURRY_MS })), {
      code: 'QUEUE_URL_TIMEOUT',
    });
  }
});

test('error: a name server that says nothing is left in time', async () => {
  const { network } = networkOf([PUBLIC]);
  const silent = { ...network, resolve: () => new Promise<never>(() => {}) };
  const fetcher = fetcherOf({ network: silent, timeoutMs: HURRY_MS });
  await assert.rejects(get(urlOf(), fetcher), { code: 'QUEUE_URL_TIMEOUT' });
});

test('error: statuses that may pass are the environment’s, others the input’s', async () => {
  const classes: [number, string][] = [
    [404, 'EnvironmentError'],
    [429, 'EnvironmentError'],
    [500, 'EnvironmentError'],
    [503, 'EnvironmentError'],
    [401, 'InputError'],
    [403, 'InputError'],
    [410, 'InputError'],
    [204, 'InputError'],
    [304, 'InputError'],
  ];
  for (const [status, name] of classes) {
    handle = (_, response) => response.writeHead(status).end();
    await assert.rejects(get(), { code: 'QUEUE_URL_STATUS', name }, `${status}`);
  }
});

test('error: a host that breaks off, talks something else, or is not there is unreachable', async () => {
  const handlers: Handler[] = [
    (request) => request.socket.destroy(),
    (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
    (_, response) => response.writeHead(200, { 'x-large': 'x'.repeat(100_000) }).end(),
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    },
  ];
  for (const handler of handlers) {
    handle = handler;
    await assert.rejects(get(), { code: 'QUEUE_URL_UNREACHABLE' });
  }
  const closed = get('https://a.zkinfer.test:1025/');
  await assert.rejects(closed, { code: 'QUEUE_URL_UNREACHABLE' });
});

test('error: errors name the host, and nothing behind it', async () => {
  handle = (_, response) => response.writeHead(500).end();
  const error = await get(urlOf('/secret?token=secret')).catch((cause: unknown) => cause);
  assert.ok(String(error).includes('a.zkinfer.test'));
  assert.ok(!String(error).includes('secret'));
});

test('error: a fetch ends with the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  handle = () => controller.abort(reason);
  const options = { largestBytes: LARGEST_BYTES, signal: controller.signal };
  await assert.rejects(fetcherOf().get(urlOf(), options), reason);
  await assert.rejects(fetcherOf().get(urlOf(), options), reason);
});

test('behavior: JSON is posted with the sender’s headers, and the status told', async () => {
  const received: string[] = [];
  handle = (request, response) => {
    const { 'content-type': type, 'x-signature': signature } = request.headers;
    request.toArray().then((chunks) => {
      received.push(`${request.method} ${type} ${signature} ${Buffer.concat(chunks)}`);
      response.writeHead(202).end('ignored');
    });
  };
  const post = { body: '{"a":1}', headers: { 'x-signature': 'abc' } };
  assert.equal(await fetcherOf().postJson(urlOf('/hook'), post), 202);
  assert.deepEqual(received, ['POST application/json abc {"a":1}']);
});

test('error: a post follows no redirect and goes to no private place', async () => {
  handle = (_, response) => response.writeHead(307, { location: `https://${PRIVATE}/` }).end();
  assert.equal(await fetcherOf().postJson(urlOf(), { body: '{}' }), 307);
  const fetcher = fetcherOf(networkOf([PRIVATE]));
  await assert.rejects(fetcher.postJson(urlOf(), { body: '{}' }), { code: 'QUEUE_URL_REFUSED' });
  assert.equal(privateRequests, 0);
});

test('error: a webhook that says nothing is left in time', async () => {
  handle = () => {};
  const posted = fetcherOf({ timeoutMs: HURRY_MS }).postJson(urlOf(), { body: '{}' });
  await assert.rejects(posted, { code: 'QUEUE_URL_TIMEOUT' });
});

test('behavior: URLs for later are checked by their text', () => {
  fetcherOf().requireFetchable('https://host.example/hook');
  assert.throws(() => fetcherOf().requireFetchable('http://host.example/hook'), {
    code: 'QUEUE_URL_REFUSED',
  });
});
