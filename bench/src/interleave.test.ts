import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interleave } from './interleave.ts';

test('everyone runs once a round', () => {
  for (const round of interleave(4, 9)) {
    assert.deepEqual(round.toSorted(), [0, 1, 2, 3]);
  }
});

test('everyone is first in turn', () => {
  assert.deepEqual(
    interleave(3, 4).map(([first]) => first),
    [0, 1, 2, 0],
  );
});

test('one contestant runs alone, none not at all', () => {
  assert.deepEqual(interleave(1, 2), [[0], [0]]);
  assert.deepEqual(interleave(0, 1), [[]]);
});
