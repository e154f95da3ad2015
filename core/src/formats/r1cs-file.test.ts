import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConstraintSystem } from '../constraint-system.ts';
import { reduce, SCALAR_FIELD_ORDER } from '../field.ts';
import { seededRandom } from '../seeded-random.ts';
import { announceSeed } from '../testing/announce-seed.ts';
import { denseRowSystem, type Row, systemOf, terms } from '../testing/small-systems.ts';
import { circuitDigest } from './circuit-digest.ts';
import { collectChunks } from './collect-chunks.ts';
import { readR1cs, writeR1cs } from './r1cs-file.ts';

const random = seededRandom(announceSeed());
const { system } = denseRowSystem(6, 37, 5n);
const good = bytesOf(system);

function bytesOf(of: ConstraintSystem): Uint8Array {
  return collectChunks((consumer) => writeR1cs(of, consumer));
}

/** All rows, coefficients as residues. */
function rowsOf(of: ConstraintSystem): [number, bigint][][] {
  const rows: [number, bigint][][] = [];
  of.emit({
    row(...combinations) {
      for (const { wires, coefficients } of combinations) {
        rows.push(
          Array.from(wires, (wire, i): [number, bigint] => [
            wire,
            reduce(BigInt(coefficients[i]!)),
          ]),
        );
      }
    },
  });
  return rows;
}

/** The bytes with 32 bits changed: constraints begin at 100, the header's contents at 24. */
function changed(at: number, value: number): Uint8Array {
  const bytes = good.slice();
  new DataView(bytes.buffer).setUint32(at, value, true);
  return bytes;
}

test('behavior: a system comes back as it was, however often it is emitted', () => {
  const read = readR1cs(good);
  assert.deepEqual(rowsOf(read), rowsOf(system));
  assert.deepEqual(rowsOf(read), rowsOf(system));
  assert.deepEqual({ ...read, emit: 0 }, { ...system, emit: 0 });
  assert.deepEqual(bytesOf(read), good);
});

test('behavior: every size and sign of coefficient survives', () => {
  const r = SCALAR_FIELD_ORDER;
  const values = [
    1,
    -1,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    -(2 ** 53 - 1),
    2n ** 64n,
    r - 1n,
    r + 1n,
    -3n * r - 5n,
    1n + random.bigint(r - 1n),
  ];
  const rows = values.map(
    (value): Row => [terms([1, value]), terms([0, value]), terms([1, value])],
  );
  const of = systemOf(2, 1, 0, rows);
  assert.deepEqual(rowsOf(readR1cs(bytesOf(of))), rowsOf(of));
});

test('behavior: a file larger than a chunk comes in several', () => {
  const wide = Array.from({ length: 40_000 }, (_, wire) => [wire, wire + 1] as const);
  const of = systemOf(40_000, 1, 0, [[terms(), terms(), terms(...wide)]]);
  let chunks = 0;
  writeR1cs(of, () => chunks++);
  assert.ok(chunks > 1);
  assert.deepEqual(rowsOf(readR1cs(bytesOf(of))), rowsOf(of));
});

test('behavior: the digest is the hash of the file and changes with any row', () => {
  assert.equal(
    circuitDigest(systemOf(2, 1, 0, [[terms([1, 1]), terms([0, 1]), terms([1, 1])]])),
    DIGEST_OF_ONE_ROW,
  );
  assert.equal(circuitDigest(readR1cs(good)), circuitDigest(system));
  assert.notEqual(circuitDigest(denseRowSystem(7, 37, 5n).system), circuitDigest(system));
  assert.notEqual(circuitDigest({ ...system, publicOutputs: 2 }), circuitDigest(system));
});

/** `sha256sum` of the file of one row w₁ · 1 = w₁ over two wires, one of them a public output. */
const DIGEST_OF_ONE_ROW = 'f80ab46761f6312af0c53bd3240c8657b90b39c53eb655c6f5c7a55ae55f1b80';

test('error: truncated anywhere', () => {
  for (let length = 0; length < good.length; length += 7) {
    assert.throws(() => readR1cs(good.subarray(0, length)), { code: 'CORE_FORMAT_TRUNCATED' });
  }
});

test('error: foreign magic, version, field', () => {
  for (const bytes of [changed(0, 0), changed(4, 2), changed(24, 48), changed(28, 7)]) {
    assert.throws(() => readR1cs(bytes), { code: 'CORE_FORMAT_FOREIGN' });
  }
});

test('error: counts that contradict each other or the lengths', () => {
  const [wires, outputs, rows] = [60, 64, 84];
  assert.throws(() => readR1cs(changed(wires, system.wires + 1)), { code: 'CORE_FORMAT_COUNT' });
  assert.throws(() => readR1cs(changed(outputs, system.wires)), { code: 'CORE_FORMAT_COUNT' });
  assert.throws(() => readR1cs(changed(rows, system.rows + 1)), { code: 'CORE_FORMAT_TRUNCATED' });
  assert.throws(() => readR1cs(changed(rows, system.rows - 1)), { code: 'CORE_FORMAT_OVERSIZED' });
});

test('error: a combination that announces more terms than there are bytes', () => {
  assert.throws(() => readR1cs(changed(100, 0xffffffff)), { code: 'CORE_FORMAT_TRUNCATED' });
});

test('behavior: terms in any order and terms of zero, as circom writes them', () => {
  const [row] = rowsOf(systemOf(4, 1, 0, [[terms([1, 5n], [3, 7n]), terms(), terms()]]));
  const bytes = bytesOf(systemOf(4, 1, 0, [[terms([1, 5n], [2, 1n], [3, 7n]), terms(), terms()]]));
  const [first, term] = [104, 36];
  const swapped = bytes.slice();
  swapped.set(bytes.subarray(first, first + term), first + 2 * term);
  swapped.set(bytes.subarray(first + 2 * term, first + 3 * term), first);
  swapped.fill(0, first + term + 4, first + 2 * term);
  assert.deepEqual(rowsOf(readR1cs(swapped))[0], row);
});

test('error: wires that do not exist or stand twice, coefficients not below r', () => {
  const [firstWire, firstCoefficient] = [104, 108];
  const tooLarge = good.slice();
  tooLarge.fill(0xff, firstCoefficient, firstCoefficient + 32);
  const secondCombinationsSecondWire = 140 + 4 + 36;
  for (const bytes of [
    changed(firstWire, system.wires),
    changed(secondCombinationsSecondWire, 0),
    tooLarge,
  ]) {
    assert.throws(() => readR1cs(bytes), { code: 'CORE_FORMAT_VALUE' });
  }
});
