import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BENCH_MODELS } from '../models/bench-models.ts';
import { PHASES } from './study-run.ts';
import { studyShare } from './study-share.ts';

const [small, large] = [BENCH_MODELS[0]!, BENCH_MODELS[2]!];

test('nothing is done at the start, and never all of it before the end', () => {
  assert.equal(studyShare([small, large], { model: 0, phase: 'compile' }), 0);
  const late = studyShare([small, large], { model: 1, phase: 'verify' });
  assert.ok(late > 0.8 && late < 1);
});

test('it grows from phase to phase and from model to model', () => {
  const order = ['compile', 'infer', 'witness', 'setup', 'prove-cold', 'prove-warm', 'verify'];
  assert.deepEqual([...order].sort(), [...PHASES].sort());
  const shares = [0, 1].flatMap((model) =>
    order.map((phase) => studyShare([small, large], { model, phase: phase as 'setup' })),
  );
  assert.deepEqual(
    [...shares].sort((a, b) => a - b),
    shares,
  );
  assert.equal(new Set(shares).size, shares.length);
});

test('a large model is most of the work', () => {
  assert.ok(studyShare([small, large], { model: 1, phase: 'compile' }) < 0.2);
  assert.ok(studyShare([large, small], { model: 1, phase: 'compile' }) > 0.7);
});
