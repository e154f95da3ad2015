import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  fetcherOf,
  type Handler,
  networkOf,
  PUBLIC,
  TwoNetworks,
} from '../testing/two-networks.ts';

const nets = await TwoNetworks.start();
after(() => nets.close());
afterEach(() => nets.reset());

/** For hosts that are slow on purpose. */
const HURRY_MS = 400;

test('error: a body that is too large is left, announced or endless', async () => {
  nets.handle = (_, response) => response.end('x'.repeat(1000));
  assert.equal((await nets.get()).length, 1000);
  nets.handle = (_, response) => response.end('x'.repeat(1000 + 1));
  await assert.rejects(nets.get(), { code: 'QUEUE_URL_TOO_LARGE' });
  let closed: Promise<unknown> | undefined;
  nets.handle = (_, response) => {
    closed = once(response, 'close');
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(500)));
    };
    response.on('drain', write);
    write();
  };
  await assert.rejects(nets.get(), { code: 'QUEUE_URL_TOO_LARGE' });
  await closed;
});

test('error: a compressed body is refused, so that it cannot grow', async () => {
  const bomb = gzipSync(Buffer.alloc(1 << 20));
  nets.handle = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  const fetcher = fetcherOf();
  const fetched = fetcher.get(nets.urlOf(), { largestBytes: 1 << 30 });
  await assert.rejects(fetched, { code: 'QUEUE_URL_ENCODING' });
  nets.handle = (_, response) => response.end(bomb);
  const raw = await fetcher.get(nets.urlOf(), { largestBytes: 1 << 30 });
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
    setTimeout(() => response.writeHead(302, { location: nets.urlOf() }).end(), HURRY_MS / 2.5);
  };
  for (const slow of [silent, dripping, stopping, redirecting]) {
    nets.handle = slow;
    await assert.rejects(nets.get(nets.urlOf(), fetcherOf({ timeoutMs: HURRY_MS })), {
      code: 'QUEUE_URL_TIMEOUT',
    });
  }
});

test('error: a name server that says nothing is left in time', async () => {
  const { network } = networkOf([PUBLIC]);
  const silent = { ...network, resolve: () => new Promise<never>(() => {}) };
  const fetcher = fetcherOf({ network: silent, timeoutMs: HURRY_MS });
  await assert.rejects(nets.get(nets.urlOf(), fetcher), { code: 'QUEUE_URL_TIMEOUT' });
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
    nets.handle = (_, response) => response.writeHead(status).end();
    await assert.rejects(nets.get(), { code: 'QUEUE_URL_STATUS', name }, `${status}`);
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
    nets.handle = handler;
    await assert.rejects(nets.get(), { code: 'QUEUE_URL_UNREACHABLE' });
  }
  const closed = nets.get('https://a.zkinfer.test:1025/');
  await assert.rejects(closed, { code: 'QUEUE_URL_UNREACHABLE' });
});

test('error: errors name the host, and nothing behind it', async () => {
  nets.handle = (_, response) => response.writeHead(500).end();
  const error = await nets.get(nets.urlOf('/secret?token=secret')).catch((cause: unknown) => cause);
  assert.ok(String(error).includes('a.zkinfer.test'));
  assert.ok(!String(error).includes('secret'));
});

test('error: a fetch ends with the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  nets.handle = () => controller.abort(reason);
  const options = { largestBytes: 1000, signal: controller.signal };
  await assert.rejects(fetcherOf().get(nets.urlOf(), options), reason);
  await assert.rejects(fetcherOf().get(nets.urlOf(), options), reason);
});

test('error: a webhook that says nothing is left in time', async () => {
  nets.handle = () => {};
  const posted = fetcherOf({ timeoutMs: HURRY_MS }).postJson(nets.urlOf(), { body: '{}' });
  await assert.rejects(posted, { code: 'QUEUE_URL_TIMEOUT' });
});
