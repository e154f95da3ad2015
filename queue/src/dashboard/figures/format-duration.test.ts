import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, formatSeconds } from './format-duration.ts';

for (const [ms, exact, whole] of [
  [0, '0 ms', '0 s'],
  [-5, '0 ms', '0 s'],
  [999.4, '999 ms', '1 s'],
  [999.6, '1.0 s', '1 s'],
  [4_249, '4.2 s', '4 s'],
  [9_960, '10 s', '10 s'],
  [59_600, '1 m 00 s', '1 m 00 s'],
  [185_000, '3 m 05 s', '3 m 05 s'],
  [3_600_000, '1 h 00 m', '1 h 00 m'],
  [86_399_000, '23 h 59 m', '23 h 59 m'],
  [5.125 * 86_400_000, '5 d 3 h', '5 d 3 h'],
] as const) {
  test(`${ms} ms are ${exact}, in whole seconds ${whole}`, () => {
    assert.equal(formatDuration(ms), exact);
    assert.equal(formatSeconds(ms), whole);
  });
}
