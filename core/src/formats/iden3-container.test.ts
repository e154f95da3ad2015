import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChunkWriter } from './chunk-writer.ts';
import { collectChunks } from './collect-chunks.ts';
import {
  type ContainerFormat,
  readContainer,
  writeContainerHeader,
  writeSectionHeader,
} from './iden3-container.ts';

const FORMAT: ContainerFormat = { name: 'demo', magic: 'demo', maxVersion: 2 };

function containerOf(sections: readonly (readonly [number, readonly number[]])[]): Uint8Array {
  return collectChunks((consumer) => {
    const writer = new ChunkWriter(consumer);
    writeContainerHeader(writer, FORMAT, 2, sections.length);
    for (const [id, bytes] of sections) {
      writeSectionHeader(writer, id, bytes.length);
      writer.bytes(Uint8Array.from(bytes));
    }
    writer.flush();
  });
}

const good = containerOf([
  [3, [1, 2, 3]],
  [1, []],
  [2, [9, 0, 0, 0]],
]);

function changed(at: number, value: number): Uint8Array {
  const bytes = good.slice();
  bytes[at] = value;
  return bytes;
}

test('behavior: sections come in any order, empty ones included', () => {
  const container = readContainer(FORMAT, good);
  assert.deepEqual([...container.section(3, 'three')], [1, 2, 3]);
  assert.equal(container.section(1, 'one').length, 0);
  assert.equal(container.reader(2, 'two').u32(), 9);
});

test('behavior: a part of a larger buffer is read by itself', () => {
  const larger = new Uint8Array(good.length + 20);
  larger.set(good, 10);
  const container = readContainer(FORMAT, larger.subarray(10, 10 + good.length));
  assert.deepEqual([...container.section(3, 'three')], [1, 2, 3]);
});

test('error: truncated anywhere', () => {
  for (let length = 0; length < good.length; length++) {
    assert.throws(() => readContainer(FORMAT, good.subarray(0, length)), {
      code: 'CORE_FORMAT_TRUNCATED',
    });
  }
});

test('error: foreign magic, unknown versions', () => {
  for (const bytes of [changed(0, 0x44), changed(4, 0), changed(4, 3)]) {
    assert.throws(() => readContainer(FORMAT, bytes), { code: 'CORE_FORMAT_FOREIGN' });
  }
});

test('error: a section longer than the file, or than any memory', () => {
  assert.throws(() => readContainer(FORMAT, changed(16 + 3, 1)), { code: 'CORE_FORMAT_TRUNCATED' });
  assert.throws(() => readContainer(FORMAT, changed(16 + 7, 1)), { code: 'CORE_FORMAT_VALUE' });
});

test('error: bytes after the last section', () => {
  assert.throws(() => readContainer(FORMAT, Uint8Array.of(...good, 0)), {
    code: 'CORE_FORMAT_OVERSIZED',
  });
});

test('error: a section twice, a section missing', () => {
  const twice = containerOf([
    [1, []],
    [1, []],
  ]);
  assert.throws(() => readContainer(FORMAT, twice), { code: 'CORE_FORMAT_SECTION' });
  assert.throws(() => readContainer(FORMAT, good).section(4, 'four'), {
    code: 'CORE_FORMAT_SECTION',
  });
});
