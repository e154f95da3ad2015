import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { after, afterEach, test } from 'node:test';
import { fetcherOf, networkOf, PRIVATE, PUBLIC, TwoNetworks } from '../testing/two-networks.ts';

const nets = await TwoNetworks.start();
after(() => nets.close());
afterEach(() => nets.reset());

test('behavior: a body is fetched over https, asked for plainly', async () => {
  let headers: IncomingMessage['headers'] = {};
  nets.handle = (request, response) => {
    headers = request.headers;
    response.end('{}');
  };
  assert.equal(await nets.get(nets.urlOf('/a?b=c#d')), '{}');
  assert.equal(headers['accept-encoding'], 'identity');
  for (const name of ['authorization', 'cookie', 'referer', 'origin']) {
    assert.equal(headers[name], undefined, name);
  }
});

test('behavior: an allowed origin may be http and private', async () => {
  nets.handlePrivate = (_, response) => response.end('input');
  assert.equal(
    await nets.get(`${nets.storeOrigin}/in`, fetcherOf({ allow: [nets.storeOrigin] })),
    'input',
  );
});

test('error: the same origin is refused where it is not allowed', async () => {
  await assert.rejects(nets.get(`${nets.storeOrigin}/in`), { code: 'QUEUE_URL_REFUSED' });
  assert.equal(nets.privateRequests, 0);
});

test('error: a name that leads to a private address is refused unasked', async () => {
  for (const addresses of [[PRIVATE], [PUBLIC, PRIVATE], [PRIVATE, PUBLIC], ['::1']]) {
    const fetcher = fetcherOf(networkOf(addresses));
    await assert.rejects(nets.get(nets.urlOf(), fetcher), { code: 'QUEUE_URL_REFUSED' });
  }
  assert.equal(nets.privateRequests, 0);
});

test('error: a name that is public when checked and private when used is used as checked', async () => {
  const { network, asked } = networkOf([PUBLIC], [PRIVATE]);
  const fetcher = fetcherOf({ network });
  assert.equal(await nets.get(nets.urlOf(), fetcher), 'hello');
  assert.equal(asked.length, 1);
  await assert.rejects(nets.get(nets.urlOf(), fetcher), { code: 'QUEUE_URL_REFUSED' });
  assert.equal(nets.privateRequests, 0);
});

test('error: a name without addresses, or without a name server, may have one later', async () => {
  const none = fetcherOf(networkOf([]));
  await assert.rejects(nets.get(nets.urlOf(), none), { code: 'QUEUE_URL_UNREACHABLE' });
  const { network } = networkOf();
  const failing = { ...network, resolve: () => Promise.reject(new Error('SERVFAIL')) };
  await assert.rejects(nets.get(nets.urlOf(), fetcherOf({ network: failing })), {
    code: 'QUEUE_URL_UNREACHABLE',
  });
});

test('error: a certificate for another name, or of nobody, is no connection', async () => {
  const other = nets.get(nets.urlOf('/', 'host.example'));
  await assert.rejects(other, { code: 'QUEUE_URL_UNREACHABLE' });
  const { certificateAuthority: _, ...network } = networkOf([PUBLIC]).network;
  await assert.rejects(nets.get(nets.urlOf(), fetcherOf({ network })), {
    code: 'QUEUE_URL_UNREACHABLE',
  });
});

test('behavior: redirects are followed, three at most, each name resolved', async () => {
  const { network, asked } = networkOf([PUBLIC]);
  nets.handle = ({ url }, response) => {
    const left = Number(url!.slice(1));
    if (left === 0) response.end('there');
    else
      response
        .writeHead(302, { location: nets.urlOf(`/${left - 1}`, `h${left}.zkinfer.test`) })
        .end();
  };
  assert.equal(await nets.get(nets.urlOf('/3'), fetcherOf({ network })), 'there');
  assert.deepEqual(
    asked,
    ['a', 'h3', 'h2', 'h1'].map((name) => `${name}.zkinfer.test`),
  );
  await assert.rejects(nets.get(nets.urlOf('/4')), { code: 'QUEUE_URL_REDIRECTS' });
});

test('behavior: a relative redirect stays at its host', async () => {
  nets.handle = ({ url }, response) => {
    if (url === '/there') response.end('relative');
    else response.writeHead(307, { location: '/there' }).end();
  };
  assert.equal(await nets.get(), 'relative');
});

test('error: a redirect loop ends', async () => {
  let requests = 0;
  nets.handle = (_, response) => {
    requests++;
    response.writeHead(301, { location: nets.urlOf() }).end();
  };
  await assert.rejects(nets.get(), { code: 'QUEUE_URL_REDIRECTS' });
  assert.equal(requests, 4);
});

test('error: redirects to what would be refused are refused', async () => {
  const targets = [
    `https://${PRIVATE}:${nets.port}/`,
    `http://a.zkinfer.test:${nets.port}/`,
    `${nets.storeOrigin}/`,
    'file:///etc/passwd',
    `https://user:pass@a.zkinfer.test:${nets.port}/`,
    'http://[::ffff:127.0.0.1]/',
    'https://0x7f000001/',
    'https://',
  ];
  for (const location of targets) {
    nets.handle = (_, response) => response.writeHead(302, { location }).end();
    await assert.rejects(nets.get(), { code: 'QUEUE_URL_REFUSED' }, location);
  }
  const { network } = networkOf([PUBLIC], [PRIVATE]);
  nets.handle = (_, response) =>
    response.writeHead(302, { location: nets.urlOf('/', 'b.zkinfer.test') }).end();
  await assert.rejects(nets.get(nets.urlOf(), fetcherOf({ network })), {
    code: 'QUEUE_URL_REFUSED',
  });
  assert.equal(nets.privateRequests, 0);
});

test('error: an allowed origin cannot lead to other private places', async () => {
  nets.handlePrivate = (_, response) =>
    response.writeHead(302, { location: `https://${PRIVATE}:${nets.port}/` }).end();
  const fetcher = fetcherOf({ allow: [nets.storeOrigin] });
  await assert.rejects(nets.get(`${nets.storeOrigin}/`, fetcher), { code: 'QUEUE_URL_REFUSED' });
  assert.equal(nets.privateRequests, 1);
});

test('behavior: JSON is posted with the sender’s headers, and the status told', async () => {
  const received: string[] = [];
  nets.handle = (request, response) => {
    const { 'content-type': type, 'x-signature': signature } = request.headers;
    request.toArray().then((chunks) => {
      received.push(`${request.method} ${type} ${signature} ${Buffer.concat(chunks)}`);
      response.writeHead(202).end('ignored');
    });
  };
  const post = { body: '{"a":1}', headers: { 'x-signature': 'abc' } };
  assert.equal(await fetcherOf().postJson(nets.urlOf('/hook'), post), 202);
  assert.deepEqual(received, ['POST application/json abc {"a":1}']);
});

test('error: a post follows no redirect and goes to no private place', async () => {
  nets.handle = (_, response) => response.writeHead(307, { location: `https://${PRIVATE}/` }).end();
  assert.equal(await fetcherOf().postJson(nets.urlOf(), { body: '{}' }), 307);
  const fetcher = fetcherOf(networkOf([PRIVATE]));
  await assert.rejects(fetcher.postJson(nets.urlOf(), { body: '{}' }), {
    code: 'QUEUE_URL_REFUSED',
  });
  assert.equal(nets.privateRequests, 0);
});

test('behavior: URLs for later are checked by their text', () => {
  fetcherOf().requireFetchable('https://host.example/hook');
  assert.throws(() => fetcherOf().requireFetchable('http://host.example/hook'), {
    code: 'QUEUE_URL_REFUSED',
  });
});
