import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '../field.ts';
import { seededRandom } from '../seeded-random.ts';
import { announceSeed } from '../testing/announce-seed.ts';
import {
  elementsPerWord,
  type PackedLayout,
  pack,
  rangeBits,
  requireWords,
  unpack,
  wordCount,
} from './pack.ts';

const random = seededRandom(announceSeed());

function randomLayout(): PackedLayout {
  const bits = random.pick([1, 2, 7, 8, 9, 16, 20, 31, 62, 126, 127, 253]);
  return { bits, lo: random.bigint(2n ** 20n) - 2n ** 19n, count: random.int(1, 70) };
}

test('the first element takes the lowest bits, each less the lowest of the range', () => {
  assert.deepEqual(pack([[-8, -7, 7]], [{ lo: -8, bits: 4, count: 3 }]), [0xf10n]);
});

test('a word holds floor(253 / b) elements, and the next begins a new one', () => {
  assert.deepEqual([1, 2, 8, 9, 127, 253].map(elementsPerWord), [253, 126, 31, 28, 1, 1]);
  const bytes = new Array<number>(32).fill(1);
  const words = pack([bytes], [{ lo: 0, bits: 8, count: 32 }]);
  assert.deepEqual(words, [(2n ** 248n - 1n) / 255n, 1n]);
});

test('each tensor starts a new word', () => {
  const layout = { lo: 0, bits: 8, count: 1 };
  assert.deepEqual(pack([[1], [2]], [layout, layout]), [1n, 2n]);
  assert.equal(wordCount([layout, { bits: 8, count: 32 }]), 3);
});

test('unpack inverts pack on random layouts', () => {
  for (let i = 0; i < 100; i++) {
    const layouts = Array.from({ length: random.int(1, 3) }, randomLayout);
    const tensors = layouts.map(({ lo, bits, count }) =>
      Array.from({ length: count }, () => BigInt(lo) + random.bigint(1n << BigInt(bits))),
    );
    const words = pack(tensors, layouts);
    assert.equal(words.length, wordCount(layouts));
    assert.ok(words.every((word) => word < 2n ** 253n));
    assert.deepEqual(unpack(words, layouts), tensors);
  }
});

test('the width of a range counts the bits of hi − lo, at least one', () => {
  assert.deepEqual(
    [
      rangeBits(0, 0),
      rangeBits(0, 1),
      rangeBits(-8, 7),
      rangeBits(0, 256),
      rangeBits(-1n, 2n ** 62n),
    ],
    [1, 1, 4, 9, 63],
  );
  assert.throws(() => rangeBits(1, 0), RangeError);
});

test('elements outside the range are refused', () => {
  const layout = { lo: -8, bits: 4, count: 2 };
  assert.doesNotThrow(() => pack([[-8, 7]], [layout]));
  for (const element of [-9, 8, 2 ** 40, -(2n ** 200n)]) {
    assert.throws(() => pack([[0, element]], [layout]), { code: 'CORE_PACK_RANGE' });
  }
});

test('more or fewer elements or tensors than declared are refused', () => {
  const layout = { lo: 0, bits: 4, count: 2 };
  for (const tensors of [
    [[1]],
    [[1, 2, 3]],
    [],
    [
      [1, 2],
      [1, 2],
    ],
  ]) {
    assert.throws(() => pack(tensors, [layout]), { code: 'CORE_PACK_COUNT' });
  }
});

test('widths and counts that cannot be packed are refused', () => {
  for (const bits of [0, 254, 1.5]) assert.throws(() => elementsPerWord(bits), RangeError);
  for (const count of [0, -1, 1.5])
    assert.throws(() => wordCount([{ bits: 8, count }]), RangeError);
});

test('words that pack cannot have made are refused', () => {
  const layouts = [{ lo: 0, bits: 8, count: 33 }];
  const words = [1n, 2n ** 16n - 1n];
  assert.doesNotThrow(() => requireWords(words, layouts));
  assert.throws(() => unpack([1n], layouts), { code: 'CORE_WORD_COUNT' });
  assert.throws(() => unpack([...words, 0n], layouts), { code: 'CORE_WORD_COUNT' });
  assert.throws(() => unpack([2n ** 248n, 0n], layouts), { code: 'CORE_WORD_RANGE' });
  assert.throws(() => unpack([0n, 2n ** 16n], layouts), { code: 'CORE_WORD_RANGE' });
  assert.throws(() => unpack([-1n, 0n], layouts), { code: 'CORE_FIELD_ELEMENT_RANGE' });
  assert.throws(() => unpack([SCALAR_FIELD_ORDER, 0n], layouts), {
    code: 'CORE_FIELD_ELEMENT_RANGE',
  });
});
