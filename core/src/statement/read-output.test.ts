import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OutputDescription, readOutput } from './read-output.ts';

const LOGITS: OutputDescription = {
  name: 'logits',
  shape: [3],
  scale: 0.5,
  meaning: 'logits',
  softmax: true,
  labels: ['a', 'b', 'c'],
};

test('logits of a classifier are reals, a class, its label, and probabilities', () => {
  const { probabilities, ...reading } = readOutput(LOGITS, [-3n, 2n, 2n]);
  assert.deepEqual(reading, {
    name: 'logits',
    shape: [3],
    integers: [-3n, 2n, 2n],
    reals: [-1.5, 1, 1],
    predicted: 1,
    label: 'b',
    labels: ['a', 'b', 'c'],
  });
  const [a, b, c] = probabilities!;
  assert.equal(b, c);
  assert.ok(Math.abs(a! / b! - Math.exp(-2.5)) < 1e-12);
  assert.ok(Math.abs(a! + b! + c! - 1) < 1e-12);
});

test('logits beyond the range of exp still have probabilities', () => {
  const { probabilities } = readOutput(LOGITS, [10_000n, 0n, 0n]);
  assert.deepEqual(probabilities, [1, 0, 0]);
});

test('an argmax is its class, with no probabilities; activations are no class', () => {
  const argmax = readOutput({ ...LOGITS, shape: [1], meaning: 'argmax', scale: 1 }, [2]);
  assert.equal(argmax.predicted, 2);
  assert.equal(argmax.label, 'c');
  assert.equal('labels' in argmax || 'probabilities' in argmax, false);
  const activation = readOutput({ ...LOGITS, meaning: 'activation' }, [1, 2, 3]);
  assert.equal('predicted' in activation || 'probabilities' in activation, false);
});

test('logits without softmax and labels are numbers alone', () => {
  const { labels: _, ...plain } = { ...LOGITS, softmax: false };
  assert.equal('predicted' in readOutput(plain, [1, 2, 3]), false);
});
