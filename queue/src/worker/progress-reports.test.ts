import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressReports } from './progress-reports.ts';

test('each stage is told at once, its progress a few times a second', () => {
  let time = 0;
  const heard: [string, number][] = [];
  const progress = progressReports(
    ({ step, done }) => heard.push([step, done]),
    () => time,
  );
  progress.stage('decode', 10);
  for (let done = 1; done <= 10; done++) {
    time += 100;
    progress.advance(done);
  }
  progress.stage('prove');
  time += 1_000;
  progress.advance(3);
  assert.deepEqual(heard, [
    ['decode', 0],
    ['decode', 0.3],
    ['decode', 0.6],
    ['decode', 0.9],
    ['prove', 0],
  ]);
});

test('more work than was foreseen is told as all of it', () => {
  let time = 0;
  const heard: number[] = [];
  const progress = progressReports(
    ({ done }) => heard.push(done),
    () => time,
  );
  progress.stage('decode', 2);
  time = 500;
  progress.advance(3);
  assert.deepEqual(heard, [0, 1]);
});
