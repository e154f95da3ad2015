import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  BASE_FIELD_ORDER,
  type Coefficient,
  type ConstraintSystem,
  collectChunks,
  domainSizeLog2,
  readFieldBytes,
  SCALAR_FIELD_ORDER,
  writeFieldBytes,
  writeR1cs,
} from '@zkinfer/core';
import {
  announceSeed,
  denseRowSystem,
  type Row,
  squareChainSystem,
  systemOf,
  terms,
} from '@zkinfer/core/testing';
import * as snarkjs from 'snarkjs';
import { openSnarkjs } from '../engine/snarkjs-session.ts';
import { readWholeFile } from '../files/read-file.ts';
import { PTAU_SECTION } from '../formats/ptau-file.ts';
import { readProvingKey, ZKEY_SECTION } from '../formats/zkey-file.ts';
import { seededWaste } from '../testing/seeded-waste.ts';
import { writeWorthlessPowersOfTau } from '../testing/test-powers-of-tau.ts';
import { assertContributed } from './assert-contributed.ts';
import { callSnarkjs } from './call-snarkjs.ts';
import { developmentKeyInMemory } from './development-key-in-memory.ts';
import { powersOfTauSetup } from './powers-of-tau-setup.ts';

const POWER = 5;
const waste = { ...seededWaste(announceSeed(), POWER), delta: 1n };
let folder: string;
let ptau: string;
let release: () => Promise<void>;
before(async () => {
  release = await openSnarkjs();
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-ptau-'));
  ptau = join(folder, 'worthless.ptau');
  await writeWorthlessPowersOfTau(ptau, POWER, waste);
});
after(async () => {
  await release();
  await rm(folder, { recursive: true });
});

const systems = {
  'a smaller domain than the file’s': denseRowSystem(5, 21, 9n).system,
  'the file’s own domain': squareChainSystem(2 ** POWER - 2, 3n).system,
  'one row': squareChainSystem(1, 3n).system,
  'coefficients of every size': everySizeSystem(),
};

for (const [name, system] of Object.entries(systems)) {
  test(`behavior: the key is snarkjs’s, and ours of the same secrets: ${name}`, async () => {
    const path = join(folder, 'initial.zkey');
    await powersOfTauSetup(system, ptau, path);
    const bytes = await readWholeFile(path);
    assert.equal(Buffer.compare(bytes, await snarkjsKey(system)), 0);
    const key = readProvingKey(bytes);
    const twin = await developmentKeyInMemory(system, waste);
    assert.deepEqual(key.header, twin.header);
    for (const [section, id] of Object.entries(ZKEY_SECTION)) {
      if (id === ZKEY_SECTION.contributions) continue;
      const [mine, other] = [key, twin].map((each) => each.container.section(id, section));
      assert.equal(Buffer.compare(mine!, other!), 0, section);
    }
  });
}

test('behavior: one thread makes the key that several make', async () => {
  const [one, three] = [join(folder, 'one.zkey'), join(folder, 'three.zkey')];
  await powersOfTauSetup(everySizeSystem(), ptau, one, { threads: 1 });
  await powersOfTauSetup(everySizeSystem(), ptau, three, { threads: 3 });
  assert.equal(Buffer.compare(await readFile(one), await readFile(three)), 0);
});

test('behavior: another coefficient makes another key', async () => {
  const path = join(folder, 'other.zkey');
  await powersOfTauSetup(everySizeSystem(5), ptau, path);
  assert.notEqual(Buffer.compare(await readFile(path), await snarkjsKey(everySizeSystem())), 0);
});

/** What `snarkjs zkey new` makes. */
async function snarkjsKey(system: ConstraintSystem): Promise<Uint8Array> {
  const path = join(folder, 'snarkjs.zkey');
  const r1cs = collectChunks((consumer) => writeR1cs(system, consumer));
  await callSnarkjs('make the initial key', (logger) =>
    snarkjs.zKey.newZKey({ type: 'mem', data: r1cs }, ptau, path, logger),
  );
  return readFile(path);
}

/**
 * A wire in many rows, wires with coefficients of 1 to 254 bits of either sign in all three
 * combinations, terms that cancel where points are equal, and a wire in no row.
 */
function everySizeSystem(first = 3): ConstraintSystem {
  const r = SCALAR_FIELD_ORDER;
  const sizes: Coefficient[] = [first, -7, 127, -128, 2 ** 31, -(2 ** 52) + 1, 2n ** 100n - 1n];
  const large: Coefficient[] = [r - 1n, r / 2n, r / 2n + 1n, -(2n ** 253n), 2n ** 253n + 1n];
  const all = [...sizes, ...large];
  const rows: Row[] = all.map((coefficient, i) => [
    terms([0, coefficient], [i + 2, i % 2 === 0 ? 1 : -1]),
    terms([i + 2, coefficient]),
    terms([0, -1], [1, coefficient], [i + 3, all[all.length - 1 - i]!]),
  ]);
  return systemOf(all.length + 5, 1, 0, rows);
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

/** Where the bytes of a section begin, after its id and length. */
function sectionStart(bytes: Buffer, id: number): number {
  let at = 12;
  while (bytes.readUInt32LE(at) !== id) at += 12 + Number(bytes.readBigUInt64LE(at + 4));
  return at + 12;
}

const DOMAIN_POINT = 2 ** POWER - 1;
for (const [name, section, at] of [
  ['τ in G1', PTAU_SECTION.lagrangeTauG1, 64 * DOMAIN_POINT],
  ['τ in G2', PTAU_SECTION.lagrangeTauG2, 128 * (DOMAIN_POINT + 3)],
  ['ατ', PTAU_SECTION.lagrangeAlphaTauG1, 64 * (DOMAIN_POINT + 1) + 32],
  ['βτ', PTAU_SECTION.lagrangeBetaTauG1, 64 * (DOMAIN_POINT + 2)],
  ['β in G2', PTAU_SECTION.betaG2, 64],
  ['the powers', PTAU_SECTION.tauG1, 64 * 5],
  ['the points of H', PTAU_SECTION.lagrangeTauG1, 64 * (2 ** (POWER + 1) - 1 + 9)],
] as const) {
  test(`error: a point off the curve leaves nothing behind: ${name}`, async () => {
    const bytes = await readFile(ptau);
    bytes[sectionStart(bytes, section) + at]! ^= 1;
    await assertRefused(bytes, 'CORE_FORMAT_VALUE');
  });
}

test('error: a point at infinity, and a coordinate that is not below p', async () => {
  const bytes = await readFile(ptau);
  const at = sectionStart(bytes, PTAU_SECTION.lagrangeTauG1) + 64 * (DOMAIN_POINT + 4);
  const kept = Buffer.from(bytes.subarray(at, at + 64));
  bytes.fill(0, at, at + 64);
  await assertRefused(bytes, 'CORE_FORMAT_VALUE');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  kept.copy(bytes, at);
  writeFieldBytes(view, at, readFieldBytes(view, at) + BASE_FIELD_ORDER);
  await assertRefused(bytes, 'CORE_FORMAT_VALUE');
});

test('error: a section that is missing or shorter than the power says', async () => {
  const bytes = await readFile(ptau);
  bytes.writeUInt32LE(99, sectionStart(bytes, PTAU_SECTION.lagrangeAlphaTauG1) - 12);
  await assertRefused(bytes, 'CORE_FORMAT_SECTION');
  const claimed = await readFile(ptau);
  claimed.writeUInt32LE(POWER + 1, sectionStart(claimed, PTAU_SECTION.header) + 36);
  const { system } = squareChainSystem(2 ** POWER, 3n);
  await assertRefused(claimed, 'CORE_FORMAT_COUNT', system);
});

test('error: an aborted setup ends with the signal’s reason, at once or half-way', async () => {
  const path = join(folder, 'aborted.zkey');
  const controller = new AbortController();
  const { signal } = controller;
  const progress = { stage() {}, advance: () => controller.abort(new Error('enough')) };
  const { system } = squareChainSystem(5, 3n);
  await assert.rejects(powersOfTauSetup(system, ptau, path, { signal, progress }), /enough/);
  await assert.rejects(powersOfTauSetup(system, ptau, path, { signal }), /enough/);
  assert.ok(!(await readdir(folder)).some((file) => file.startsWith('aborted')));
});

async function assertRefused(
  bytes: Buffer,
  code: string,
  system = squareChainSystem(2 ** POWER - 2, 3n).system,
): Promise<void> {
  const path = join(folder, 'refused.ptau');
  await writeFile(path, bytes);
  await assert.rejects(powersOfTauSetup(system, path, join(folder, 'refused.zkey')), { code });
  assert.ok(!(await readdir(folder)).some((file) => file.startsWith('refused.zkey')));
}
