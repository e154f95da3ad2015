/**
 * The Solidity tests at full length, the contracts' sizes and coverage. `npm run snapshots` of this
 * workspace writes the committed sizes anew.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { announceSeed } from '@zkinfer/core/testing';
import {
  CONTRACT_SIZES_FILE,
  contractSizes,
  encodeSizes,
  MAX_CODE_BYTES,
  MAX_CREATION_BYTES,
} from './contract-sizes.ts';
import { measureCoverage, type Reached, sumOf } from './coverage.ts';
import { CONTRACTS_ROOT } from './run-forge.ts';
import { runSolidityTests } from './solidity-tests.ts';

const LEAST_FUZZ_RUNS = 256;
const LEAST_INVARIANT_CALLS = 100_000;
const LEAST_COVERAGE = 0.98;

const seed = announceSeed();

test('the Solidity tests pass, fuzzed at length', async (t) => {
  const tests = await runSolidityTests('full', seed);
  assert.ok(tests.length > 0);
  for (const { suite, name, failure, effort } of tests) {
    await t.test(`${suite}: ${name}`, () => {
      assert.equal(failure, undefined);
      assert.ok((effort.calls ?? LEAST_INVARIANT_CALLS) >= LEAST_INVARIANT_CALLS);
      assert.ok((effort.runs ?? LEAST_FUZZ_RUNS) >= LEAST_FUZZ_RUNS);
    });
  }
});

test('each contract has the committed size and fits on a chain', async () => {
  const sizes = await contractSizes();
  for (const [name, { code, creation }] of Object.entries(sizes)) {
    assert.ok(code < MAX_CODE_BYTES, `${name}: ${code} bytes`);
    assert.ok(creation < MAX_CREATION_BYTES, `${name}: ${creation} bytes to create it`);
  }
  const committed = await readFile(join(CONTRACTS_ROOT, CONTRACT_SIZES_FILE), 'utf8');
  assert.equal(encodeSizes(sizes), committed);
});

test('the Solidity tests reach at least 98 % of the lines and of the branches', async () => {
  const files = await measureCoverage(seed);
  assert.ok(files.length > 0);
  for (const { path, lines, branches } of files) {
    process.stdout.write(`${path}: lines ${shown(lines)}, branches ${shown(branches)}\n`);
  }
  const lines = sumOf(files.map((file) => file.lines));
  const branches = sumOf(files.map((file) => file.branches));
  process.stdout.write(`contracts: lines ${shown(lines)}, branches ${shown(branches)}\n`);
  assert.ok(share(lines) >= LEAST_COVERAGE, `lines ${shown(lines)}`);
  assert.ok(share(branches) >= LEAST_COVERAGE, `branches ${shown(branches)}`);
});

function share({ reached, total }: Reached): number {
  return total === 0 ? 1 : reached / total;
}

function shown(reached: Reached): string {
  return `${(100 * share(reached)).toFixed(1)} % (${reached.reached}/${reached.total})`;
}
