import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from './seeded-random.ts';
import { announceSeed } from './testing/announce-seed.ts';

const draws = (seed: number, count = 20) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.uint32());
};

test('the same seed gives the same stream, another seed another', () => {
  assert.deepEqual(draws(7), draws(7));
  assert.notDeepEqual(draws(7), draws(8));
});

test('a seed that is no 32-bit integer is refused', () => {
  for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) {
    assert.throws(() => seededRandom(seed), RangeError);
  }
});

test('int reaches both ends of its range and nothing beyond', () => {
  const random = seededRandom(1);
  const seen = new Set(Array.from({ length: 400 }, () => random.int(-2, 2)));
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    [-2, -1, 0, 1, 2],
  );
  assert.throws(() => random.int(1, 0), RangeError);
});

test('bigint stays below its bound and reaches all values of a small one', () => {
  const random = seededRandom(2);
  const seen = new Set(Array.from({ length: 200 }, () => random.bigint(5n)));
  assert.deepEqual([...seen].sort(), [0n, 1n, 2n, 3n, 4n]);
  const bound = 2n ** 130n + 1n;
  for (let i = 0; i < 100; i++) assert.ok(random.bigint(bound) < bound);
  assert.equal(random.bigint(1n), 0n);
  assert.throws(() => random.bigint(0n), RangeError);
});

test('float, boolean, bytes and pick stay in range', () => {
  const random = seededRandom(3);
  for (let i = 0; i < 200; i++) {
    const value = random.float(-1, 3);
    assert.ok(value >= -1 && value < 3);
  }
  const heads = Array.from({ length: 1000 }, () => random.boolean(0.25)).filter(Boolean).length;
  assert.ok(heads > 150 && heads < 350, `${heads} of 1000`);
  assert.equal(random.bytes(33).length, 33);
  assert.ok(['a', 'b'].includes(random.pick(['a', 'b'])));
});

test('announceSeed takes the seed of the environment, and refuses one that is none', () => {
  const before = process.env.ZKINFER_SEED;
  try {
    process.env.ZKINFER_SEED = '1234';
    assert.equal(announceSeed(), 1234);
    process.env.ZKINFER_SEED = 'abc';
    assert.throws(() => announceSeed(), RangeError);
  } finally {
    if (before === undefined) delete process.env.ZKINFER_SEED;
    else process.env.ZKINFER_SEED = before;
  }
});
