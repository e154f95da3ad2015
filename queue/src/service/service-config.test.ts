import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import type { InputError } from '@zkinfer/core';
import { loadServiceConfig } from './load-service-config.ts';
import { readServiceConfig, ServiceConfigSchema } from './service-config.ts';

const folder = await mkdtemp(join(tmpdir(), 'zkinfer-config-'));
after(() => rm(folder, { recursive: true }));

const read = (value: unknown) => readServiceConfig(value, '/base', 'the configuration');

const CHAIN = { rpc: ['https://rpc.example'], signer: { variable: 'KEY' } };

test('nothing told is a service of one process on the loopback, closed to all without a key', () => {
  const config = read({});
  assert.deepEqual(config.chains, []);
  assert.equal(config.redis, undefined);
  assert.deepEqual(config.http, {
    host: '127.0.0.1',
    port: 8080,
    anonymous: false,
    trustProxy: [],
    origins: [],
  });
  assert.equal(config.workers.embedded, 1);
});

test('reading what was read changes nothing', () => {
  const config = read({ redis: { url: 'redis://localhost' }, chains: [CHAIN] });
  assert.deepEqual(read(config), config);
});

for (const [name, value] of Object.entries({
  'a Redis by its file': { redis: { urlFile: 'redis-url' } },
  'no embedded worker beside a Redis': { redis: { url: 'redis://h' }, workers: { embedded: 0 } },
  'a chain whose key is in a variable': { chains: [CHAIN] },
  'a chain whose key is in a keystore': {
    chains: [{ ...CHAIN, signer: { keystore: 'key.json', passwordFile: 'password' } }],
  },
  'a price in the currency of the chain': {
    chains: [{ ...CHAIN, prices: { machineHour: '0.05', margin: 0.25 } }],
  },
})) {
  test(`accepted: ${name}`, () => {
    read(value);
  });
}

const REFUSED: readonly (readonly [name: string, key: string, value: unknown])[] = [
  ['an unknown key', 'dataDir', { dataDir: 'x' }],
  ['an unknown key further down', 'http.hots', { http: { hots: '::1' } }],
  ['a port that is none', 'http.port', { http: { port: 70_000 } }],
  ['a number where text belongs', 'dataDirectory', { dataDirectory: 5 }],
  ['Redis without a URL', 'redis', { redis: {} }],
  ['Redis with two URLs', 'redis', { redis: { url: 'redis://h', urlFile: 'f' } }],
  ['a URL of something else', 'redis.url', { redis: { url: 'http://h' } }],
  ['nobody to do the work', 'workers.embedded', { workers: { embedded: 0 } }],
  ['a model that is no digest', 'allowModels[0]', { allowModels: ['../iris'] }],
  ['a chain without endpoints', 'chains[0].rpc', { chains: [{ ...CHAIN, rpc: [] }] }],
  ['a chain whose endpoint is a file', 'chains[0].rpc[0]', { chains: [{ ...CHAIN, rpc: ['x'] }] }],
  ['a chain without a signer', 'chains[0].signer', { chains: [{ rpc: CHAIN.rpc }] }],
  ['a signer that is nobody', 'chains[1].signer', { chains: [CHAIN, { ...CHAIN, signer: {} }] }],
  [
    'two signers',
    'chains[0].signer',
    { chains: [{ ...CHAIN, signer: { variable: 'KEY', account: 1 } }] },
  ],
  [
    'a keystore without its password',
    'chains[0].signer',
    { chains: [{ ...CHAIN, signer: { keystore: 'key.json' } }] },
  ],
  ['a payee that is no address', 'chains[0].payee', { chains: [{ ...CHAIN, payee: '0x12' }] }],
  [
    'a price with a unit',
    'chains[0].prices.machineHour',
    { chains: [{ ...CHAIN, prices: { machineHour: '5 ETH' } }] },
  ],
  ['a path where an origin belongs', 'fetch.allow[0]', { fetch: { allow: ['http://h/in'] } }],
  [
    'anonymous callers behind a proxy',
    'http.anonymous',
    { http: { anonymous: true, trustProxy: ['10.0.0.1'] } },
  ],
];

for (const [name, key, value] of REFUSED) {
  test(`refused, naming ${key}: ${name}`, () => {
    assert.throws(
      () => read(value),
      ({ code, got }: InputError) => {
        assert.equal(code, 'QUEUE_CONFIG');
        assert.equal(got?.split(':')[0], key);
        return true;
      },
    );
  });
}

test('an error does not quote the value, which may be a secret', () => {
  assert.throws(
    () => read({ redis: { url: 'rediss-with-my-password' } }),
    ({ message }: Error) => !message.includes('my-password'),
  );
});

test('paths are relative to the file, those of overrides to the working directory', async () => {
  const file = join(folder, 'serve.json');
  const chains = [{ ...CHAIN, signer: { keystore: '/keys/a.json', passwordFile: 'password' } }];
  await writeFile(file, JSON.stringify({ dataDirectory: 'data', http: { port: 1 }, chains }));
  const overrides = { models: 'elsewhere', http: { host: '::1' } };
  const config = await loadServiceConfig({ file, overrides });
  assert.equal(config.dataDirectory, join(folder, 'data'));
  assert.equal(config.models, resolve('elsewhere'));
  assert.deepEqual([config.http.host, config.http.port], ['::1', 1]);
  assert.equal(config.chains[0]?.signer.keystore, '/keys/a.json');
  assert.equal(config.chains[0]?.signer.passwordFile, join(folder, 'password'));
});

test('an override replaces lists, and removes what it says is undefined', async () => {
  const file = join(folder, 'redis.json');
  await writeFile(file, JSON.stringify({ redis: { urlFile: 'url' }, chains: [CHAIN] }));
  const overrides = { redis: { url: 'redis://h', urlFile: undefined }, chains: [] };
  const config = await loadServiceConfig({ file, overrides });
  assert.equal(config.redis?.url, 'redis://h');
  assert.deepEqual(config.chains, []);
});

test('a file that is missing or no JSON, and a mistake in a part to be overridden, are refused', async () => {
  const missing = join(folder, 'none.json');
  await assert.rejects(loadServiceConfig({ file: missing }), { code: 'CORE_FILE_MISSING' });
  const file = join(folder, 'broken.json');
  await writeFile(file, '{');
  await assert.rejects(loadServiceConfig({ file }), { code: 'CORE_JSON_SYNTAX' });
  await writeFile(file, '{"http":{"prot":1}}');
  const overridden = loadServiceConfig({ file, overrides: { http: { port: 2 } } });
  await assert.rejects(overridden, { code: 'QUEUE_CONFIG' });
});

test('the runbook lists every key', () => {
  const runbook = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const table = runbook.split('## Configuration')[1]!.split('\n## ')[0]!;
  for (const key of leavesOf(ServiceConfigSchema)) assert.match(table, new RegExp(`\\b${key}\\b`));
});

/** The names of keys without keys below them. */
function leavesOf(schema: object): string[] {
  const { properties, items } = schema as { properties?: Record<string, object>; items?: object };
  if (items !== undefined) return leavesOf(items);
  return Object.entries(properties ?? {}).flatMap(([key, inner]) => {
    const below = leavesOf(inner);
    return below.length === 0 ? [key] : below;
  });
}
