import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BENCH_MODELS } from '../models/bench-models.ts';
import { StudyProgress } from './study-progress.ts';

const MODELS = BENCH_MODELS.slice(0, 3);

function recorded(isTTY: boolean, columns = 200) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, progress: new StudyProgress({ isTTY, columns, write }, MODELS) };
}

test('without a terminal every stage is a line, with time and place', () => {
  const { written, progress } = recorded(false);
  progress.model(MODELS[2]!);
  progress.stage('mnist-lenet5, setup: zkinfer');
  progress.stop();
  assert.deepEqual(written, ['0:00  3 of 3  mnist-lenet5, setup: zkinfer\n']);
});

test('a terminal has one line, with what is left once that can be guessed', () => {
  const { written, progress } = recorded(true);
  progress.stage('first');
  progress.model(MODELS[2]!);
  progress.phase('prove-warm');
  progress.stage('second');
  progress.stop();
  const text = written.join('');
  assert.ok(!text.includes('\n'));
  assert.match(text, /0:00 {2}1 of 3 {2}first/);
  assert.match(text, /0:00, about \d+ min left {2}3 of 3 {2}second/);
  // Back to the start of the line, and what stands there wiped.
  assert.ok(text.endsWith('\u001b[1G\u001b[0K'));
});

test('a line never wraps', () => {
  const { written, progress } = recorded(true, 20);
  progress.stage('x'.repeat(100));
  progress.stop();
  assert.ok(written.every((text) => text.length < 20));
});

test('a terminal that does not tell its width gets whole lines', () => {
  const { written, progress } = recorded(true, 0);
  progress.stage('second');
  progress.stop();
  assert.ok(written.some((text) => text.endsWith('second')));
});

test('notes stay', () => {
  const { written, progress } = recorded(true);
  progress.note('warning: busy');
  progress.stop();
  assert.ok(written.includes('warning: busy\n'));
});
