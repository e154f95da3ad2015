import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domainSizeLog2 } from '@zkinfer/core';
import { announceSeed, denseRowSystem, squareChainSystem } from '@zkinfer/core/testing';
import { readWholeFile } from '../files/read-file.ts';
import { readProvingKey, ZKEY_SECTION } from '../formats/zkey-file.ts';
import { seededWaste } from '../testing/seeded-waste.ts';
import { writeWorthlessPowersOfTau } from '../testing/test-powers-of-tau.ts';
import { assertContributed } from './assert-contributed.ts';
import { developmentKeyInMemory } from './development-key-in-memory.ts';
import { powersOfTauSetup } from './powers-of-tau-setup.ts';

const POWER = 5;
const waste = { ...seededWaste(announceSeed(), POWER), delta: 1n };
let folder: string;
let ptau: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-ptau-'));
  ptau = join(folder, 'worthless.ptau');
  await writeWorthlessPowersOfTau(ptau, POWER, waste);
});
after(() => rm(folder, { recursive: true }));

for (const [name, system] of [
  ['a smaller domain than the file’s', denseRowSystem(5, 21, 9n).system],
  ['the file’s own domain', squareChainSystem(2 ** POWER - 2, 3n).system],
] as const) {
  test(`behavior: snarkjs makes our very key of the same secrets: ${name}`, async () => {
    const path = join(folder, 'initial.zkey');
    await powersOfTauSetup(system, ptau, path);
    const theirs = readProvingKey(await readWholeFile(path));
    const ours = await developmentKeyInMemory(system, waste);
    assert.deepEqual(ours.header, theirs.header);
    for (const [section, id] of Object.entries(ZKEY_SECTION)) {
      if (id === ZKEY_SECTION.contributions) continue;
      const [mine, other] = [ours, theirs].map((key) => key.container.section(id, section));
      assert.equal(Buffer.compare(mine!, other!), 0, section);
    }
  });
}

test('behavior: another δ changes C and H, but not A, B, IC and the coefficients', async () => {
  const { system } = denseRowSystem(3, 5, 1n);
  const plain = await developmentKeyInMemory(system, waste);
  const keyed = await developmentKeyInMemory(system, { ...waste, delta: 12345n });
  const same = (id: number) =>
    Buffer.compare(plain.container.section(id, ''), keyed.container.section(id, '')) === 0;
  const { a, b1, b2, inputs, coefficients, c, h } = ZKEY_SECTION;
  for (const id of [a, b1, b2, inputs, coefficients]) assert.ok(same(id));
  for (const id of [c, h]) assert.ok(!same(id));
});

test('a fresh ceremony key is recorded, and refused for anything but its ceremony', async () => {
  const path = join(folder, 'fresh.zkey');
  const setup = await powersOfTauSetup(squareChainSystem(5, 3n).system, ptau, path);
  assert.equal(setup.kind, 'ceremony');
  assert.deepEqual(setup.contributions, []);
  const { header } = readProvingKey(await readWholeFile(path));
  assert.throws(() => assertContributed(header), { code: 'PROVER_KEY_UNCONTRIBUTED' });
});

test('error: powers of tau too small for the circuit leave nothing behind', async () => {
  const { system } = squareChainSystem(2 ** POWER, 3n);
  assert.equal(domainSizeLog2(system), POWER + 1);
  const setup = powersOfTauSetup(system, ptau, join(folder, 'none.zkey'));
  await assert.rejects(setup, { code: 'PROVER_PTAU_TOO_SMALL' });
  assert.ok(!(await readdir(folder)).some((file) => file.startsWith('none.zkey')));
});

test('error: truncated, foreign, oversized and missing powers of tau', async () => {
  const { system } = squareChainSystem(5, 3n);
  const bytes = await readFile(ptau);
  const bad = join(folder, 'bad.ptau');
  const setup = () => powersOfTauSetup(system, bad, join(folder, 'bad.zkey'));
  await assert.rejects(setup(), { code: 'CORE_FILE_MISSING' });
  await writeFile(bad, bytes);
  await truncate(bad, bytes.length - 1);
  await assert.rejects(setup(), { code: 'CORE_FORMAT_TRUNCATED' });
  await writeFile(bad, Buffer.concat([bytes, Buffer.of(0)]));
  await assert.rejects(setup(), { code: 'CORE_FORMAT_OVERSIZED' });
  await writeFile(bad, Buffer.concat([Buffer.from('zkey'), bytes.subarray(4)]));
  await assert.rejects(setup(), { code: 'CORE_FORMAT_FOREIGN' });
});
