import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyTimeIn, othersTime } from './others-time.ts';

test('busy are all but idle cores and those that wait for disks; guests count as user already', () => {
  const stat =
    'cpu  1 20 300 4000 50000 600000 7000000 80000000 900000000 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  assert.equal(busyTimeIn(stat), 10 * (1 + 20 + 300 + 600000 + 7000000 + 80000000));
  assert.throws(() => busyTimeIn('intr 1 2 3\n'), /no line/);
});

const SPIN = 'const end = Date.now() + 700; while (Date.now() < end);';

test('what this process and its programs do is not others’; what still runs is', {
  skip: othersTime() === undefined ? 'this system does not tell' : false,
}, async () => {
  const before = othersTime()!;
  spawnSync(process.execPath, ['-e', SPIN]);
  const own = othersTime()! - before;
  const other = spawn(process.execPath, ['-e', `${SPIN}setTimeout(() => {}, 60000)`]);
  await sleep(1_500);
  const both = othersTime()! - before;
  other.kill('SIGKILL');
  assert.ok(both - own >= 500, `${both - own} ms of a program that runs`);
});
