import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Circuit } from './compile-circuit.ts';
import { rowName } from './row-name.ts';

const blocks = [
  { kind: 'input', name: 'image', rows: 3 },
  { kind: 'empty', name: 'nothing', rows: 0 },
  { kind: 'requantize', name: 'dense_1', rows: 2 },
] as unknown as Circuit['blocks'];

test('behavior: a row is named after its block', () => {
  const names = [0, 2, 3, 4, 5].map((row) => rowName({ blocks }, row));
  assert.deepEqual(names, [
    'input image, its row 0',
    'input image, its row 2',
    'requantize dense_1, its row 0',
    'requantize dense_1, its row 1',
    'no block',
  ]);
});
