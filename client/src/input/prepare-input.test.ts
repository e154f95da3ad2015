import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VerificationKeyJson } from '@zkinfer/core';
import { quantizeReals } from '@zkinfer/core/service';
import { openModel } from '../model/open-model.ts';
import { answerOf, testDescription } from '../testing/test-model.ts';
import { chooseSalt, commitInput, prepareInput } from './prepare-input.ts';

const DESCRIPTION = testDescription({} as VerificationKeyJson);
const MODEL = openModel(DESCRIPTION, { trustService: true });
const REALS = [5.1, 3.5, 1.4, 0.2];
const INTEGERS = [102, 70, 28, 4];
const WORD = INTEGERS.reduce((word, q, i) => word + BigInt(q) * 256n ** BigInt(i), 0n);

test('reals become integers and words, nested, flat, typed or by name', () => {
  for (const reals of [REALS, [REALS], Float64Array.from(REALS), { lengths: REALS }]) {
    const { integers, words, clampings } = quantizeReals(MODEL, reals);
    assert.deepEqual(Array.from(integers[0]!), INTEGERS);
    assert.deepEqual(words, [WORD]);
    assert.equal(clampings[0]!.count, 0);
  }
});

test('bytes are pixels where the model has image preprocessing', () => {
  const [input] = DESCRIPTION.inputs;
  const image = { scale: 0.05, offset: 1 };
  const model = openModel(
    { ...DESCRIPTION, inputs: [{ ...input, image }] },
    { trustService: true },
  );
  const { integers } = quantizeReals(model, Uint8Array.of(0, 1, 2, 100));
  assert.deepEqual(Array.from(integers[0]!), [20, 21, 22, 120]);
});

test('reals outside the range are clamped, or refused when strict', () => {
  const { integers, clampings } = quantizeReals(MODEL, [-1, 50, 0, 0]);
  assert.deepEqual(Array.from(integers[0]!), [0, 255, 0, 0]);
  assert.equal(clampings[0]!.count, 2);
  const strict = { strict: true };
  assert.throws(() => quantizeReals(MODEL, [-1, 0, 0, 0], strict), {
    code: 'CORE_INPUT_OUT_OF_RANGE',
  });
});

test('another shape, holes and what is not finite are refused', () => {
  const refused = (reals: unknown[], code: string) =>
    assert.throws(() => quantizeReals(MODEL, reals), { code });
  refused([1, 2, 3], 'CORE_INPUT_SHAPE');
  refused([1, 2, null, 4], 'CORE_NUMBERS_ELEMENT');
  refused([1, 2, 1e300, 4], 'CORE_INPUT_NOT_FINITE');
});

test('a salt is random, none, or one’s own that can hide something', () => {
  assert.notEqual(chooseSalt(), chooseSalt('random'));
  assert.equal(chooseSalt(0), 0n);
  assert.equal(chooseSalt(1n << 200n), 1n << 200n);
  assert.throws(() => chooseSalt(12345n), { code: 'CORE_SALT_WEAK' });
  assert.throws(() => chooseSalt(1n << 255n), { code: 'CORE_FIELD_ELEMENT_RANGE' });
});

test('an input is committed to as workers and contracts commit to it', () => {
  const { envelope, inputHash } = prepareInput(MODEL, REALS);
  assert.deepEqual(envelope.words, [WORD]);
  assert.equal(inputHash, answerOf(DESCRIPTION, envelope).inputHash);
  assert.equal(inputHash, commitInput(MODEL, [WORD], envelope.inputSalt));
  assert.notEqual(prepareInput(MODEL, REALS).inputHash, inputHash, 'another salt');
  const open = prepareInput(MODEL, REALS, { salt: 0 });
  assert.equal(open.envelope.inputSalt, 0n);
});

test('an envelope is taken as it is, if it is for this model and of its words', () => {
  const { envelope, inputHash } = prepareInput(MODEL, REALS);
  assert.deepEqual(prepareInput(MODEL, envelope), { envelope, inputHash });
  const refused = (changes: object, code: string) =>
    assert.throws(() => prepareInput(MODEL, { ...envelope, ...changes }), { code });
  refused({ modelDigest: '33'.repeat(32) }, 'CLIENT_ENVELOPE_MODEL');
  refused({ words: [1n, 2n] }, 'CORE_WORD_COUNT');
  refused({ words: [1n << 40n] }, 'CORE_WORD_RANGE');
  refused({ inputSalt: -1n }, 'CORE_FIELD_ELEMENT_RANGE');
});
