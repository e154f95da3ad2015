import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isGzip, isIdx, readIdx } from './idx-file.ts';

const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 255);
const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4);

test('reads labels and images as MNIST stores them', () => {
  assert.deepEqual(readIdx(labels), { shape: [3], data: Uint8Array.of(7, 2, 255) });
  assert.deepEqual(readIdx(images), { shape: [2, 1, 2], data: Uint8Array.of(1, 2, 3, 4) });
  assert.ok(isIdx(labels));
});

test('reads from the middle of a buffer', () => {
  const buffer = Uint8Array.of(9, 9, ...labels, 9);
  assert.deepEqual(readIdx(buffer.subarray(2, -1)).data, Uint8Array.of(7, 2, 255));
});

test('reads every element type, big endian', () => {
  const cases: [number, number[], number][] = [
    [0x09, [0xff], -1],
    [0x0b, [0xff, 0xfe], -2],
    [0x0c, [0, 1, 0, 0], 65536],
    [0x0d, [0x3f, 0xc0, 0, 0], 1.5],
    [0x0e, [0xc0, 0, 0, 0, 0, 0, 0, 0], -2],
  ];
  for (const [type, bytes, value] of cases) {
    const { shape, data } = readIdx(Uint8Array.of(0, 0, type, 1, 0, 0, 0, 1, ...bytes));
    assert.deepEqual([shape, [...data]], [[1], [value]]);
  }
});

test('truncated and oversized files are refused', () => {
  for (let length = 3; length < images.length; length++) {
    assert.throws(() => readIdx(images.subarray(0, length)), { code: 'CORE_IDX_LENGTH' });
  }
  assert.throws(() => readIdx(Uint8Array.of(...images, 0)), { code: 'CORE_IDX_LENGTH' });
});

test('a header that promises more than the file holds allocates nothing', () => {
  const huge = new Array<number>(4).fill(255);
  const shapes = [huge, [...huge, ...huge], [...huge, ...huge, ...huge]];
  for (const shape of shapes) {
    const file = Uint8Array.of(0, 0, 8, shape.length / 4, ...shape, 1);
    assert.throws(() => readIdx(file), { code: 'CORE_IDX_LENGTH' });
  }
});

test('foreign files are refused', () => {
  const foreign = [[], [0, 0], [0, 0, 7, 1], [0, 1, 8, 1], [0x93, 0x4e, 0x55, 0x4d], [0, 0, 10, 1]];
  for (const bytes of foreign) {
    assert.equal(isIdx(Uint8Array.from(bytes)), false);
    assert.throws(() => readIdx(Uint8Array.from(bytes)), { code: 'CORE_IDX_MAGIC' });
  }
  assert.throws(() => readIdx(Uint8Array.of(0, 0, 8, 0, 1)), { code: 'CORE_IDX_LENGTH' });
});

test('a compressed file is recognised, not misread', () => {
  const compressed = gzipSync(labels);
  assert.ok(isGzip(compressed));
  assert.equal(isGzip(labels), false);
  assert.throws(() => readIdx(compressed), { code: 'CORE_IDX_COMPRESSED' });
});
