/** What `deploy/` holds is used as it is: it must fit the commands, the service, and the runbook. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadServiceConfig } from '@zkinfer/queue';
import { RedisProcess, redisIsAvailable } from '@zkinfer/queue/testing';
import { redisFinding } from './findings/redis-finding.ts';
import { runInProcess, temporaryFolder } from './testing/run-zkinfer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const UNITS = join(ROOT, 'deploy/systemd');

const readText = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The command of a unit on one line. */
function commandOf(unit: string): string {
  const text = readText(`deploy/systemd/${unit}`).replaceAll('\\\n', ' ');
  return /^ExecStart=(.*)$/m.exec(text)![1]!;
}

for (const unit of readdirSync(UNITS)) {
  test(`${unit} runs a verb that knows all its options`, async () => {
    const [, verb, options] = /zkinfer\.js (\S+)(.*)$/.exec(commandOf(unit))!;
    const { stdout } = await runInProcess(verb!, '--help');
    const known = [...stdout.matchAll(/(--[a-z-]+)/g)].map(([option]) => option);
    for (const [option] of options!.matchAll(/--[a-z-]+/g))
      assert.ok(known.includes(option), option);
  });
}

test('systemd accepts the units, and finds little that they are exposed to', (t) => {
  if (spawnSync('systemd-analyze', ['--version']).status !== 0) {
    t.skip('there is no systemd-analyze here');
    return;
  }
  const folder = temporaryFolder();
  const paths = readdirSync(UNITS).map((name) => {
    const path = join(folder, name.replace('@', '@1'));
    const text = readText(`deploy/systemd/${name}`).replaceAll('/usr/bin/node', process.execPath);
    writeFileSync(path, text);
    return path;
  });
  const analyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  const verified = analyze('verify', '--man=no', '--recursive-errors=no', ...paths);
  assert.deepEqual([verified.status, verified.stderr], [0, '']);
  // In tenths of the 10 that a unit without any restriction has.
  const security = analyze('security', '--offline=yes', '--threshold=30', '--no-pager', ...paths);
  assert.equal(security.status, 0, security.stdout);
});

test('the example of a configuration is valid, secrets being systemd credentials', async () => {
  const config = await loadServiceConfig({ file: join(ROOT, 'deploy/serve.example.json') });
  const unit = readText('deploy/systemd/zkinfer-serve.service');
  const credentials = [...unit.matchAll(/^LoadCredential=([^:]+):/gm)].map(([, name]) => name);
  const { keystore, passwordFile } = config.chains[0]!.signer;
  const named = [keystore, passwordFile, config.redis?.urlFile].map((path) =>
    path?.split('/').pop(),
  );
  assert.deepEqual(named.sort(), credentials.sort());
});

const skip = !redisIsAvailable('whether a Redis takes deploy/redis.conf');

test('Redis takes the settings, and the doctor finds it fit', { skip }, async () => {
  const redis = await RedisProcess.start(['--include', join(ROOT, 'deploy/redis.conf')]);
  try {
    assert.equal((await redisFinding(redis.url)).state, 'ok');
  } finally {
    await redis.stop();
  }
});

test('the runbook explains every alert, and no other', () => {
  const alerts = [...readText('deploy/prometheus/alerts.yml').matchAll(/- alert: (\w+)/g)];
  const explained = [...readText('docs/operations.md').matchAll(/^\| `(Zkinfer\w+)` \|/gm)];
  const names = (matches: RegExpMatchArray[]) => matches.map(([, name]) => name).sort();
  assert.ok(alerts.length > 0);
  assert.deepEqual(names(explained), names(alerts));
});

test('every file that the runbook names is there', () => {
  const links = [...readText('docs/operations.md').matchAll(/\]\(\.\.\/([^)#]+)\)/g)];
  assert.ok(links.length > 0);
  for (const [, path] of links) assert.ok(existsSync(join(ROOT, path!)), path);
});
