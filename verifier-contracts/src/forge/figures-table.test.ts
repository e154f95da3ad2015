/** What the README says about the contracts: its figures, and the contract that it shows. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileSolidity } from '../testing/compile-solidity.ts';
import { withFigures } from './figures-table.ts';
import { CONTRACTS_ROOT } from './run-forge.ts';

const readme = await readFile(join(CONTRACTS_ROOT, 'README.md'), 'utf8');
const [, source] = /```solidity\n(.*?)```/s.exec(readme)!;

test('the README has the committed figures', async () => {
  assert.match(readme, /^\| verify, 3 signals \| \d{3},\d{3} \|$/m);
  assert.equal(await withFigures(readme), readme, 'npm run snapshots -w verifier-contracts');
});

test('the README’s contract compiles without warnings where others would put it', () => {
  assert.ok(compileSolidity(source!).FlowerDesk!.bytecode.length > 2);
});

test('error: without its callback the README’s contract is none', () => {
  const without = source!.replace(/ {4}function _onInference[^}]*}\n/, '');
  assert.throws(() => compileSolidity(without), /FlowerDesk.*abstract/s);
});
