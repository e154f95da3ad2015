/** `npm run snapshots` of this workspace writes the committed gas figures anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed } from '@zkinfer/core/testing';
import { differingGasFigures, runSolidityTests } from './solidity-tests.ts';

test('the Solidity tests pass, fuzzed briefly', async (t) => {
  const tests = await runSolidityTests('fast', announceSeed());
  assert.ok(tests.length > 0);
  for (const { suite, name, failure } of tests) {
    await t.test(`${suite}: ${name}`, () => assert.equal(failure, undefined));
  }
});

test('verification and hashing cost the committed gas, to the unit', async () => {
  assert.equal(await differingGasFigures(), undefined);
});
