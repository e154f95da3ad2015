import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { InputError, SECTION_HEADER_BYTES } from '@zkinfer/core';
import { denseRowSystem } from '@zkinfer/core/testing';
import { developmentKeyInMemory } from '../setup/development-key-in-memory.ts';
import { readProvingKey } from './zkey-file.ts';

const { system } = denseRowSystem(3, 5, 1n);
let good: Uint8Array;
before(async () => {
  good = (await developmentKeyInMemory(system)).bytes;
});

/** Where each section's header begins, the end of the file last. */
function boundaries(): number[] {
  const view = new DataView(good.buffer, good.byteOffset, good.length);
  const places = [12];
  for (let at = 12; at < good.length; ) {
    at += SECTION_HEADER_BYTES + Number(view.getBigUint64(at + 4, true));
    places.push(at);
  }
  return places;
}

function changed(at: number, value: number): Uint8Array {
  const bytes = good.slice();
  new DataView(bytes.buffer).setUint32(at, value, true);
  return bytes;
}

/** Contents of the section with this id. */
function contentsOf(id: number): number {
  const view = new DataView(good.buffer, good.byteOffset, good.length);
  const at = boundaries().find((place) => view.getUint32(place, true) === id);
  return at! + SECTION_HEADER_BYTES;
}

test('behavior: counts come back from a key', () => {
  const { header, coefficientCount, contributionCount } = readProvingKey(good);
  assert.equal(header.wires, system.wires);
  assert.equal(header.publicSignals, 3);
  assert.equal(header.domainSize, 16);
  assert.ok(coefficientCount > 0);
  assert.equal(contributionCount, 0);
});

test('error: truncated at every section and just before', () => {
  for (const end of boundaries().flatMap((at) => [at, at - 1, at + 3])) {
    if (end >= good.length) continue;
    assert.throws(() => readProvingKey(good.subarray(0, end)), { code: 'CORE_FORMAT_TRUNCATED' });
  }
});

test('error: bytes after the last section', () => {
  const longer = Buffer.concat([good, Buffer.of(0)]);
  assert.throws(() => readProvingKey(longer), { code: 'CORE_FORMAT_OVERSIZED' });
});

test('error: foreign magic, version, protocol and curve', () => {
  for (const bytes of [
    changed(0, 0x31637372),
    changed(4, 3),
    changed(contentsOf(1), 2),
    changed(contentsOf(2), 48),
    changed(contentsOf(2) + 4, 1),
    changed(contentsOf(2) + 40, 1),
  ]) {
    assert.throws(() => readProvingKey(bytes), { code: 'CORE_FORMAT_FOREIGN' });
  }
});

test('error: counts that contradict the sections', () => {
  const counts = contentsOf(2) + 72;
  for (const bytes of [
    changed(counts, system.wires + 1),
    changed(counts, 3),
    changed(counts + 4, 2),
    changed(counts + 8, 32),
    changed(counts + 8, 15),
    changed(contentsOf(4), 1),
  ]) {
    assert.throws(() => readProvingKey(bytes), { code: 'CORE_FORMAT_COUNT' });
  }
});

test('error: a section missing or there twice', () => {
  const last = boundaries().at(-2)!;
  assert.throws(() => readProvingKey(changed(last, 11)), { code: 'CORE_FORMAT_SECTION' });
  assert.throws(() => readProvingKey(changed(last, 9)), { code: 'CORE_FORMAT_SECTION' });
});

test('error: a section whose length lies, by little or by much', () => {
  const view = new DataView(good.buffer, good.byteOffset, good.length);
  for (const at of boundaries().slice(0, -1)) {
    const length = view.getBigUint64(at + 4, true);
    for (const lie of [0n, length - 1n, length + 1n, length + 64n, 2n ** 31n, 2n ** 64n - 1n]) {
      if (lie < 0n || lie === length) continue;
      const bytes = good.slice();
      new DataView(bytes.buffer).setBigUint64(at + 4, lie, true);
      assert.throws(() => readProvingKey(bytes), hasFormatCode, `section at ${at}: ${lie}`);
    }
  }
});

function hasFormatCode(error: unknown): boolean {
  return error instanceof InputError && error.code.startsWith('CORE_FORMAT_');
}
