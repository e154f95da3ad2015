/** Rows of A and B, as a key's file has them, times the witness: kernels against bigint. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ChunkWriter,
  collectChunks,
  FIELD_BYTES,
  reduce,
  SCALAR_FIELD_ORDER,
  SILENT_PROGRESS,
  writeContainerHeader,
  writeFieldBytes,
  writeSectionHeader,
} from '@zkinfer/core';
import { announceSeed, seededRandom, squareChainSystem } from '@zkinfer/core/testing';
import {
  COEFFICIENT_BYTES,
  type ProvingKeyFile,
  readProvingKey,
  ZKEY,
  ZKEY_SECTION,
  ZKEY_SECTION_COUNT,
} from '../../formats/zkey-file.ts';
import { developmentKeyInMemory } from '../../setup/development-key-in-memory.ts';
import { scalarBytes } from '../../setup/key-scalars.ts';
import { readValues } from '../../testing/kernel-values.ts';
import { testedVariants } from '../../testing/kernel-variants.ts';
import { type DecodedKey, decodeKey, type MatrixRows } from './decoded-key.ts';
import { allocateValues } from './evaluation-domain.ts';
import { ELEMENT_BYTES } from './field-limbs.ts';
import type { KernelTask } from './kernel-message.ts';
import { createKernelPool, type KernelPool } from './kernel-pool.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;
const VARIANTS = await testedVariants();

/** A coefficient of a proving key. */
interface Coefficient {
  readonly matrix: 0 | 1;
  readonly row: number;
  readonly wire: number;
  readonly value: bigint;
}

const ROWS_LOG2 = 5;
const ROWS = 2 ** ROWS_LOG2;

const PLAIN_KEY = await developmentKeyInMemory(squareChainSystem(ROWS - 2, 2n).system);

const VALUES = [1n, R - 1n, 2n, R - 2n, 0n, R / 2n, R / 2n + 1n, 2n ** 128n, R - 2n ** 51n];

const RANDOM_VALUE = () => random.pick([1n, R - 1n, random.pick(VALUES), random.bigint(R)]);

/**
 * Row by row what is special, B's rows in another order than A's; rows that are not named are
 * empty.
 */
function specialRows(wires: number): Coefficient[] {
  const row = (row: number, terms: readonly (readonly [number, bigint])[]) =>
    terms.flatMap(([wire, value]) =>
      ([0, 1] as const).map(
        (matrix): Coefficient => ({ matrix, row: row ^ (3 * matrix), wire, value }),
      ),
    );
  const all = (value: () => bigint) =>
    Array.from({ length: wires }, (_, w) => [w, value()] as const);
  return [
    row(
      0,
      VALUES.map((value, i) => [i % wires, value]),
    ),
    row(
      1,
      all(() => 1n),
    ),
    row(
      2,
      all(() => R - 1n),
    ),
    row(
      5,
      all(() => random.bigint(R)),
    ),
    row(6, new Array(40).fill([3, R - 1n])),
    row(7, [
      [2, 5n],
      [2, 5n],
      [2, R - 10n],
    ]),
    row(8, [[1, 0n]]),
    row(9, [[4, 1n]]),
    row(10, [[4, R - 1n]]),
    row(12, all(RANDOM_VALUE)),
    row(ROWS - 4, [
      [0, R - 1n],
      [0, R - 1n],
      [0, R - 1n],
      [0, R - 1n],
      [5, R / 2n],
    ]),
  ].flat();
}

/** The key of another circuit, with a section of coefficients in any order in place of its own. */
function keyWith(coefficients: readonly Coefficient[]): ProvingKeyFile {
  const section = new Uint8Array(4 + coefficients.length * COEFFICIENT_BYTES);
  const view = new DataView(section.buffer);
  view.setUint32(0, coefficients.length, true);
  coefficients.forEach(({ matrix, row, wire, value }, i) => {
    const at = 4 + i * COEFFICIENT_BYTES;
    [matrix, row, wire].forEach((word, n) => {
      view.setUint32(at + 4 * n, word, true);
    });
    writeFieldBytes(view, at + 12, (value << 512n) % R);
  });
  const sections = Array.from({ length: ZKEY_SECTION_COUNT }, (_, i) => {
    const id = i + 1;
    return id === ZKEY_SECTION.coefficients ? section : PLAIN_KEY.container.section(id, 'any');
  });
  return readProvingKey(joinSections(sections));
}

function joinSections(sections: readonly Uint8Array[]): Uint8Array {
  return collectChunks((consumer) => {
    const writer = new ChunkWriter(consumer);
    writeContainerHeader(writer, ZKEY, 1, sections.length);
    sections.forEach((bytes, i) => {
      writeSectionHeader(writer, i + 1, bytes.length);
      writer.bytes(bytes);
    });
    writer.flush();
  });
}

function slowRows(
  coefficients: readonly Coefficient[],
  matrix: number,
  witness: readonly bigint[],
) {
  const rows = new Array<bigint>(ROWS).fill(0n);
  for (const { matrix: of, row, wire, value } of coefficients) {
    if (of === matrix) rows[row] = reduce(rows[row]! + value * witness[wire]!);
  }
  return rows;
}

const WITNESSES: Readonly<Record<string, (wires: number) => bigint[]>> = {
  zeros: (wires) => new Array(wires).fill(0n),
  'largest values': (wires) => new Array(wires).fill(R - 1n),
  'values in the middle': (wires) => new Array(wires).fill(R / 2n),
  'random values': (wires) => Array.from({ length: wires }, () => random.bigint(R)),
  bits: (wires) => Array.from({ length: wires }, () => BigInt(random.int(0, 1))),
};

/** Rows of A and of B times a witness, in kernels; the work is cut anywhere that kernels allow. */
async function evaluateRows(key: DecodedKey, witness: readonly bigint[]): Promise<bigint[][]> {
  const { space, wires, domain } = key;
  const { memory } = space;
  const bytes = memory.allocate(wires * FIELD_BYTES);
  memory.bytes(bytes, wires * FIELD_BYTES).set(scalarBytes(witness));
  const elements = memory.allocate(wires * ELEMENT_BYTES);
  const half = random.int(0, wires);
  await space.run([
    [['convertWitness', bytes, elements, 0, half]],
    [['convertWitness', bytes, elements, half, wires]],
  ]);
  const evaluate = async ({ starts, terms }: MatrixRows) => {
    const out = allocateValues(memory, domain);
    const cut = 2 * random.int(0, ROWS / 2);
    const task = (from: number, to: number): KernelTask => [
      ['evaluateRows', starts, terms, key.coefficients, elements, out, from, to],
    ];
    await space.run([task(0, cut), task(cut, ROWS)]);
    return readValues(memory, out, ROWS);
  };
  return [await evaluate(key.rowsOfA), await evaluate(key.rowsOfB)];
}

async function checkRows(pool: KernelPool): Promise<void> {
  const { header } = PLAIN_KEY;
  assert.equal(header.domainSize, ROWS);
  const terms = specialRows(header.wires);
  const shuffled = [...terms].sort(() => random.float() - 0.5);
  for (const coefficients of [terms, shuffled, []]) {
    const key = await decodeKey(pool, keyWith(coefficients), {
      progress: SILENT_PROGRESS,
      signal: undefined,
    });
    for (const [name, draw] of Object.entries(WITNESSES)) {
      const witness = draw(header.wires);
      const expected = [0, 1].map((matrix) => slowRows(coefficients, matrix, witness));
      assert.deepEqual(await evaluateRows(key, witness), expected, name);
    }
  }
}

for (const variant of VARIANTS) {
  for (const threads of [1, 3]) {
    test(`${variant}, ${threads} threads: rows of a key times witnesses`, async () => {
      const pool = await createKernelPool(threads, variant);
      try {
        await checkRows(pool);
      } finally {
        await pool.close();
      }
    });
  }
}
