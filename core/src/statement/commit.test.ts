import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { buildPoseidonReference } from 'circomlibjs';
import { SCALAR_FIELD_ORDER as r } from '../field.ts';
import { seededRandom } from '../seeded-random.ts';
import { announceSeed } from '../testing/announce-seed.ts';
import {
  COMMITMENT_KIND,
  type CommitmentHeader,
  commit,
  commitCalls,
  commitmentHeader,
  commitTensors,
  encodeCommitmentHeader,
} from './commit.ts';

const random = seededRandom(announceSeed());
const header = { kind: COMMITMENT_KIND.input, bits: 8, count: 40 };
let reference: Awaited<ReturnType<typeof buildPoseidonReference>>;
before(async () => {
  reference = await buildPoseidonReference();
});

/**
 * Written from the definition, over circomlibjs's hash: takes items off the front until none are
 * left.
 */
function independentCommit({ kind, bits, count }: CommitmentHeader, words: bigint[], salt: bigint) {
  const left = [...words, salt];
  let running = BigInt(kind) + 256n * BigInt(bits) + 65536n * BigInt(count);
  while (left.length > 0) {
    running = reference.F.toObject(reference([running, ...left.splice(0, 15)]));
  }
  return running;
}

test('equals the definition computed with circomlibjs, across the borders of calls', () => {
  for (const count of [1, 2, 13, 14, 15, 16, 29, 30, 31]) {
    const words = Array.from({ length: count }, () => random.bigint(r));
    const salt = random.bigint(r);
    const shape = { kind: 2, bits: random.int(1, 253), count: random.int(1, 2 ** 48 - 1) };
    assert.equal(
      commit(shape, words, salt),
      independentCommit(shape, words, salt),
      `${count} words`,
    );
  }
});

test('calls share the items out in order, 15 at most each, none empty', () => {
  const call = (fromItem: number, toItem: number) => ({ first: fromItem === 0, fromItem, toItem });
  assert.deepEqual(commitCalls(1), [call(0, 1)]);
  assert.deepEqual(commitCalls(15), [call(0, 15)]);
  assert.deepEqual(commitCalls(16), [call(0, 15), call(15, 16)]);
  assert.deepEqual(commitCalls(31), [call(0, 15), call(15, 30), call(30, 31)]);
  for (const count of [0, -1, 1.5]) assert.throws(() => commitCalls(count), RangeError);
});

test('the header sums the counts of tensors and takes the largest width', () => {
  const layouts = [
    { bits: 8, count: 3 },
    { bits: 20, count: 4 },
  ];
  assert.deepEqual(commitmentHeader(2, layouts), { kind: 2, bits: 20, count: 7 });
  assert.equal(encodeCommitmentHeader({ kind: 2, bits: 20, count: 7 }), 0x07_14_02n);
  assert.throws(() => commitmentHeader(1, []), RangeError);
});

test('header parts that would run into each other are refused', () => {
  for (const change of [
    { kind: 0 },
    { kind: 3 },
    { bits: 0 },
    { bits: 256 },
    { count: 0 },
    { count: 2 ** 48 },
  ]) {
    assert.throws(() => encodeCommitmentHeader({ ...header, ...change }), RangeError);
  }
});

test('every part of what is committed changes the digest', () => {
  const digest = commit(header, [1n, 2n], 3n);
  const others = [
    commit({ ...header, kind: COMMITMENT_KIND.output }, [1n, 2n], 3n),
    commit({ ...header, bits: 9 }, [1n, 2n], 3n),
    commit({ ...header, count: 41 }, [1n, 2n], 3n),
    commit(header, [2n, 1n], 3n),
    commit(header, [1n, 2n], 4n),
    commit(header, [1n, 2n, 3n], 0n),
    commit(header, [1n], 2n),
  ];
  assert.equal(new Set([digest, ...others]).size, 8);
});

test('a word or salt that is congruent but not canonical is refused', () => {
  assert.doesNotThrow(() => commit(header, [r - 1n], r - 1n));
  for (const value of [r, r + 1n, -1n]) {
    assert.throws(() => commit(header, [0n, value], 0n), { code: 'CORE_FIELD_ELEMENT_RANGE' });
    assert.throws(() => commit(header, [0n], value), { code: 'CORE_FIELD_ELEMENT_RANGE' });
  }
});

test("commitTensors takes only words that the model's tensors pack to", () => {
  const layouts = [{ bits: 8, count: 40 }];
  assert.equal(commitTensors(1, layouts, [5n, 6n], 7n), commit(header, [5n, 6n], 7n));
  assert.throws(() => commitTensors(1, layouts, [5n], 7n), { code: 'CORE_WORD_COUNT' });
  assert.throws(() => commitTensors(1, layouts, [5n, 2n ** 72n], 7n), { code: 'CORE_WORD_RANGE' });
});
