import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { writeWorthlessPowersOfTau } from '@zkinfer/prover/testing';
import {
  assertFails,
  exampleModel,
  runZkinfer,
  temporaryFolder,
  zkinferJson,
} from './testing/run-zkinfer.ts';

const INPUT = join(exampleModel('iris-mlp'), 'setosa.json');
const BEACON = '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const folder = temporaryFolder();
const compiled = join(folder, 'iris');
const ptau = join(folder, 'test.ptau');
const prove = ['prove', compiled, '--input', INPUT, '--out', join(folder, 'proof')];

before(async () => {
  const { domainSizeLog2 } = await compileIris();
  await writeWorthlessPowersOfTau(ptau, domainSizeLog2, { tau: 3n, alpha: 5n, beta: 7n });
});

async function compileIris(): Promise<{ domainSizeLog2: number }> {
  await zkinferJson('compile', exampleModel('iris-mlp'), '--out', compiled);
  return zkinferJson('inspect', compiled);
}

test('a key without contributions proves nothing', async () => {
  const { kind } = await zkinferJson('setup', compiled, '--ptau', ptau);
  assert.equal(kind, 'ceremony');
  await assertFails(2, 'PROVER_KEY_UNCONTRIBUTED', ...prove);
  const { exitCode, stdout } = await runZkinfer('ceremony', 'verify', compiled, '--ptau', ptau);
  assert.equal(exitCode, 1);
  assert.match(stdout, /nobody has contributed/);
});

test('a contribution and a beacon make a key that verifies, audits as sound, and proves', async () => {
  await zkinferJson('ceremony', 'contribute', compiled, '--name', 'first');
  const closed = await zkinferJson('ceremony', 'beacon', compiled, '--value', BEACON);
  assert.deepEqual(
    closed.contributions.map(({ name }: { name: string }) => name),
    ['first', 'final beacon'],
  );
  assert.equal((await zkinferJson('ceremony', 'verify', compiled, '--ptau', ptau)).valid, true);
  assert.equal((await zkinferJson('audit', compiled, '--ptau', ptau)).sound, true);
  assert.equal((await runZkinfer('audit', compiled)).exitCode, 1, 'not without powers of tau');
  await zkinferJson(...prove);
  await zkinferJson('verify', compiled, '--proof', join(folder, 'proof'));
});

test('contributions are not lost by running the setup again', async () => {
  const again = await zkinferJson('setup', compiled, '--ptau', ptau);
  assert.equal(again.upToDate, true);
  await assertFails(2, 'CLI_SETUP_EXISTS', 'setup', compiled, '--development');
  assert.equal((await zkinferJson('ceremony', 'verify', compiled, '--ptau', ptau)).valid, true);
});

test('other powers of tau than those of the setup verify nothing', async () => {
  const other = join(folder, 'other.ptau');
  await writeWorthlessPowersOfTau(other, 12, { tau: 11n, alpha: 5n, beta: 7n });
  const { exitCode } = await runZkinfer('ceremony', 'verify', compiled, '--ptau', other);
  assert.equal(exitCode, 1);
  assert.equal((await runZkinfer('audit', compiled, '--ptau', other)).exitCode, 1);
});

test('a development key is no ceremony’s', async () => {
  const development = join(folder, 'development');
  await zkinferJson('compile', exampleModel('iris-mlp'), '--out', development);
  await zkinferJson('setup', development, '--development');
  const contribute = ['ceremony', 'contribute', development, '--name', 'late'];
  await assertFails(2, 'CLI_NOT_A_CEREMONY', ...contribute);
});
