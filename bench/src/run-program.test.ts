import assert from 'node:assert/strict';
import { platform } from 'node:os';
import { test } from 'node:test';
import { cpuTime } from './cpu-time.ts';
import { runProgram } from './run-program.ts';

const MEBIBYTE = 2 ** 20;

/** A shell that has a program do the work, as wrappers of provers do. */
const inShell = (script: string) =>
  runProgram('/bin/sh', ['-c', `"$0" -e "$1"; exit $?`, process.execPath, script]);

const onLinux = { skip: platform() === 'linux' ? false : 'only Linux tells' };

test('the memory of a program is that of all it starts', onLinux, async () => {
  // Kept long enough to be looked at, whatever the machine is doing.
  const script = `const kept = Buffer.alloc(${200 * MEBIBYTE}, 1); setTimeout(() => kept, 300)`;
  assert.ok((await inShell(script))! > 200 * MEBIBYTE);
  assert.ok((await inShell('0'))! < 200 * MEBIBYTE);
});

test(
  'CPU time of programs is told apart from our own, that of those they started included',
  onLinux,
  async () => {
    const before = cpuTime();
    await inShell('while (process.cpuUsage().user < 300_000);');
    const after = cpuTime();
    assert.ok(after.programs! - before.programs! >= 250);
    assert.ok(after.own - before.own < after.programs! - before.programs!);
  },
);

test('error: what a program said last is told, and how it ended', async () => {
  await assert.rejects(runProgram('/bin/sh', ['-c', 'echo no >&2; exit 3']), /ended with 3: no/);
  await assert.rejects(runProgram('/bin/sh', ['-c', 'kill -9 $$']), /ended with SIGKILL/);
  await assert.rejects(runProgram('/nowhere/prover', []), { code: 'ENOENT' });
});
