import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@zkinfer/core/testing';
import { argmax } from '../graph/argmax.ts';
import { meanNormalTail, normalTail } from './normal-distribution.ts';
import { expectedChangedShare, predictionMargins } from './prediction-margins.ts';

test('the normal tail agrees with tables', () => {
  const table: [number, number][] = [
    [0, 0.5],
    [1, 0.158655254],
    [-1, 0.841344746],
    [3, 0.001349898],
  ];
  for (const [x, tail] of table) assert.ok(Math.abs(normalTail(x) - tail) < 2e-7);
});

test('the mean tail is the mean of tails', () => {
  for (const x of [1e-9, 0.1, 1, 7]) {
    let sum = 0;
    for (let i = 0; i < 2000; i++) sum += normalTail((x * (i + 0.5)) / 2000);
    assert.ok(Math.abs(meanNormalTail(x) - sum / 2000) < 1e-6);
  }
});

test('margins are ascending, one for each class that is not the largest', () => {
  const { margins } = predictionMargins({ kind: 'largest' }, Float32Array.of(1, 4, 3, 9, 0, 8), 2);
  assert.deepEqual([...margins], [1, 1, 3, 9]);
  const single = predictionMargins({ kind: 'above', threshold: 0.5 }, Float32Array.of(2, 0), 2);
  assert.deepEqual([...single.margins], [0.5, 1.5]);
});

test('the expected share is what random errors change', () => {
  const random = seededRandom(11);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
  const samples = 4000;
  const scores = Float32Array.from({ length: samples * 2 }, normal);
  const margins = predictionMargins({ kind: 'largest' }, scores, samples);
  const deviation = 0.1;
  let changed = 0;
  for (let i = 0; i < samples; i++) {
    const [a, b] = [scores[2 * i]!, scores[2 * i + 1]!];
    if (argmax([a + deviation * normal(), b]) !== argmax([a, b])) changed++;
  }
  const expected = expectedChangedShare(margins, deviation);
  assert.ok(Math.abs(expected - changed / samples) < 0.008, `${expected}, ${changed / samples}`);
  assert.equal(expectedChangedShare(margins, 0), 0);
});
