import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warningsOf } from './others-watch.ts';

test('a machine that others use is warned about, a quiet one is not', () => {
  assert.deepEqual(warningsOf(0.01), []);
  assert.deepEqual(warningsOf(0.05), []);
  assert.match(warningsOf(0.234).join(), /other work took 23 % of the machine's cores/);
});
