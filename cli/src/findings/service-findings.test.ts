import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { dataLayout, LevelStore } from '@zkinfer/queue';
import { temporaryFolder } from '../testing/run-zkinfer.ts';
import { dataFinding } from './data-finding.ts';
import { keyFinding } from './key-finding.ts';
import { modelFindings } from './model-findings.ts';
import { serviceFindings } from './service-findings.ts';

/** Enough to be taken for an encrypted key: `isKeystoreJson` looks at these. */
const KEYSTORE = JSON.stringify({ version: 3, crypto: {}, address: '00'.repeat(20) });

function keystoreFile(mode: number, text = KEYSTORE): string {
  const path = join(temporaryFolder(), 'key.json');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test('a key that its owner alone can read is fine', async () => {
  assert.equal((await keyFinding(keystoreFile(0o600))).state, 'ok');
});

test('a key that others can read is noted with the command against it', async () => {
  const { state, advice } = await keyFinding(keystoreFile(0o644));
  assert.equal(state, 'note');
  assert.match(advice!, /chmod 600/);
});

test('a key file that is none, or is not there, is missing', async () => {
  assert.equal((await keyFinding(keystoreFile(0o600, '{}'))).state, 'missing');
  assert.equal((await keyFinding(join(temporaryFolder(), 'none'))).state, 'missing');
});

test('a data directory may be new, idle, or in use', async () => {
  const directory = join(temporaryFolder(), 'data');
  assert.equal((await dataFinding(directory)).state, 'ok');
  mkdirSync(directory);
  const store = await LevelStore.open(dataLayout(directory).store);
  assert.match((await dataFinding(directory)).found, /running service/);
  await store.close();
  assert.match((await dataFinding(directory)).found, /no service/);
});

test('a data directory that cannot be made is missing', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  assert.equal((await dataFinding(join(file, 'data', 'below'))).state, 'missing');
});

test('a folder without models, and a model without its files, are missing', async () => {
  const folder = temporaryFolder();
  assert.deepEqual(
    (await modelFindings(folder)).map(({ state }) => state),
    ['missing'],
  );
  mkdirSync(join(folder, 'broken'));
  writeFileSync(join(folder, 'broken', 'manifest.json'), '{}');
  const [broken] = await modelFindings(folder);
  assert.deepEqual([broken?.subject, broken?.state], ['model broken', 'missing']);
});

test('a configuration that is not valid is the only finding', async () => {
  const file = join(temporaryFolder(), 'serve.json');
  writeFileSync(file, '{"prot":1}');
  const findings = await serviceFindings(file);
  assert.deepEqual(
    findings.map(({ state }) => state),
    ['missing'],
  );
  assert.match(findings[0]!.found, /prot/);
});

test('of a valid one, everything that it names is looked at', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'serve.json');
  const signer = { keystore: 'key.json', passwordFile: 'password' };
  const chains = [{ rpc: ['http://127.0.0.1:9/'], signer }];
  const redis = { urlFile: 'redis-url' };
  writeFileSync(file, JSON.stringify({ models: 'models', chains, redis }));
  writeFileSync(join(folder, 'password'), 'x', { mode: 0o600 });
  const findings = await serviceFindings(file);
  const states = Object.fromEntries(
    findings.map(({ subject, state }) => [subject.replace(`${folder}/`, ''), state]),
  );
  assert.deepEqual(states, {
    'configuration serve.json': 'ok',
    'data in zkinfer-data': 'ok',
    'Redis address': 'missing',
    'chain at 127.0.0.1:9': 'missing',
    'key key.json': 'missing',
    'password password': 'ok',
    'API keys': 'missing',
    'models in models': 'missing',
  });
});
