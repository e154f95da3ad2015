import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertFails,
  runInProcess,
  runZkinfer,
  startZkinfer,
  zkinferJson,
} from './testing/run-zkinfer.ts';

const VERBS = [
  ...['compile', 'inspect', 'evaluate', 'infer', 'setup', 'ceremony', 'audit'],
  ...['prove', 'verify', 'export', 'doctor'],
  ...['serve', 'worker', 'api-key'],
  ...['dev', 'deploy', 'register', 'request', 'status', 'fulfill', 'refund', 'withdraw'],
];

test('help lists every verb and the exit codes', async () => {
  const { exitCode, stdout } = await runZkinfer('--help');
  assert.equal(exitCode, 0);
  for (const verb of VERBS) assert.match(stdout, new RegExp(`^  ${verb} `, 'm'));
  assert.match(stdout, /Exit codes: 0 done/);
});

test('every verb has help with an example', async () => {
  for (const verb of VERBS) {
    const { exitCode, stdout } = await runInProcess(verb, '--help');
    assert.equal(exitCode, 0, verb);
    assert.match(stdout, /Examples?:\n {2}npx zkinfer/, verb);
    assert.match(stdout, /--json/, verb);
    assert.match(stdout, /Exit codes: 0 done/, verb);
  }
});

test('without a verb there is help, and exit code 2', async () => {
  const { exitCode, stdout, stderr } = await runZkinfer();
  assert.deepEqual([exitCode, stdout], [2, '']);
  assert.match(stderr, /^Usage: zkinfer/);
});

test('wrong usage is exit code 2: unknown verbs and options, missing and wrong arguments', async () => {
  const wrong = [
    ['prof'],
    ['infer', 'dir', '--inptu', 'file'],
    ['infer', 'dir'],
    ['compile', 'model', '--out', 'dir', '--weight-bits', '99'],
    ['prove', 'dir', '--input', 'file', '--binder', '-1'],
  ];
  for (const args of wrong) {
    const { exitCode, stdout } = await runInProcess(...args, '--json');
    assert.deepEqual([exitCode, JSON.parse(stdout).error.code], [2, 'CLI_USAGE'], args.join(' '));
  }
  await assertFails(2, 'CLI_USAGE', 'prof');
});

test('a directory that does not exist is bad input', async () => {
  await assertFails(2, 'CORE_ARTIFACT_NO_MANIFEST', 'inspect', 'no/such/directory');
});

test('the doctor finds this machine ready', async () => {
  const report = await zkinferJson('doctor');
  assert.equal(report.ready, true);
  assert.equal(
    report.tensorflow.filter((backend: { available: unknown }) => backend.available === true)
      .length,
    1,
  );
  assert.ok(report.findings.some((finding: { subject: string }) => finding.subject === 'Node.js'));
});

test('a reader that stops reading is no failure', async () => {
  const child = startZkinfer('--help');
  child.stdout.destroy();
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(exitCode, 0);
});
