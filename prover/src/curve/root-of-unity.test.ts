import assert from 'node:assert/strict';
import { test } from 'node:test';
import { power, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { rootOfUnity, TWO_ADICITY } from './root-of-unity.ts';

test('the roots are primitive and the largest is the one snarkjs uses', () => {
  assert.equal(
    rootOfUnity(TWO_ADICITY),
    19103219067921713944291392827692070036145651957329286315305642004821462161904n,
  );
  assert.equal(rootOfUnity(0), 1n);
  assert.equal(power(rootOfUnity(5), 16n), SCALAR_FIELD_ORDER - 1n);
});
