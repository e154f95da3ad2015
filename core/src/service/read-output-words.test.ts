import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pack } from '../statement/pack.ts';
import type { ModelOutput } from './model-description.ts';
import { inputLayouts, outputLayouts } from './model-layouts.ts';
import { readOutputWords } from './read-output-words.ts';

const logits: ModelOutput = {
  name: 'logits',
  shape: [1, 3],
  scale: 0.5,
  lo: '-128',
  bits: 8,
  meaning: 'logits',
  softmax: true,
  labels: ['a', 'b', 'c'],
};

const wordsOf = (outputs: ModelOutput[], tensors: number[][]) =>
  pack(tensors, outputLayouts({ outputs }));

test('integers, reals and the first of the largest classes', () => {
  const outputs = [logits];
  assert.deepEqual(readOutputWords({ outputs }, wordsOf(outputs, [[-3, 100, 100]])), [
    {
      name: 'logits',
      shape: [1, 3],
      integers: ['-3', '100', '100'],
      reals: [-1.5, 50, 50],
      predicted: 1,
      label: 'b',
    },
  ]);
});

test('an argmax is its class; activations and lone logits have none', () => {
  const argmax: ModelOutput = { ...logits, shape: [1], lo: '0', bits: 2, meaning: 'argmax' };
  const activation: ModelOutput = { ...logits, meaning: 'activation' };
  const { labels: _, ...plain } = { ...logits, softmax: false };
  const outputs: ModelOutput[] = [argmax, activation, plain];
  const readings = readOutputWords({ outputs }, wordsOf(outputs, [[2], [1, 2, 3], [1, 2, 3]]));
  assert.deepEqual(
    readings.map(({ predicted, label }) => [predicted, label]),
    [
      [2, 'c'],
      [undefined, undefined],
      [undefined, undefined],
    ],
  );
});

test('words of another count, or with bits beyond their elements, are refused', () => {
  const outputs = [logits];
  assert.throws(() => readOutputWords({ outputs }, []), { code: 'CORE_WORD_COUNT' });
  const [word] = wordsOf(outputs, [[1, 2, 3]]);
  const beyond = word! + (1n << 24n);
  assert.throws(() => readOutputWords({ outputs }, [beyond]), { code: 'CORE_WORD_RANGE' });
});

test('layouts have the elements of their shapes', () => {
  const input = { name: 'x', shape: [28, 28, 1], scale: 1, lo: -1, bits: 8 };
  assert.deepEqual(inputLayouts({ inputs: [input] }), [{ lo: -1, bits: 8, count: 784 }]);
  assert.deepEqual(outputLayouts({ outputs: [logits] }), [{ lo: -128n, bits: 8, count: 3 }]);
});
