import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VerificationKeyJson } from '@zkinfer/core';
import { modelPin } from '@zkinfer/core/service';
import { testDescription } from '../testing/test-model.ts';
import { openModel } from './open-model.ts';

const DESCRIPTION = testDescription({} as VerificationKeyJson);

test('a description opens with its pin, or on the service’s word, and tells its pin', () => {
  const pin = modelPin(DESCRIPTION);
  assert.deepEqual(openModel(DESCRIPTION, { pin }), { ...DESCRIPTION, pin });
  assert.equal(openModel(DESCRIPTION, { trustService: true }).pin, pin);
});

test('a description that differs from the pinned one is refused', () => {
  const pin = modelPin(DESCRIPTION);
  const [input] = DESCRIPTION.inputs;
  const changed = [
    { inputs: [{ ...input!, scale: 0.1 }] },
    { verificationKey: { IC: [] } },
    { modelDigest: '33'.repeat(32) },
  ];
  for (const change of changed) {
    assert.throws(() => openModel({ ...DESCRIPTION, ...change }, { pin }), {
      code: 'CLIENT_MODEL_PIN',
    });
  }
});

test('what is no description is refused, on whosever word', () => {
  for (const description of [null, {}, { ...DESCRIPTION, inputs: [] }]) {
    assert.throws(() => openModel(description, { trustService: true }), { code: 'CORE_SCHEMA' });
  }
});
