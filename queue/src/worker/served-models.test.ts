/** Which models a worker takes, and what it leaves to others for how long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EnvironmentError,
  InputError,
  IntegrityError,
  SILENT_LOGGER,
  type ZkinferError,
} from '@zkinfer/core';
import type { ModelStore } from '../artifacts/model-store.ts';
import { ServedModels } from './served-models.ts';
import { UnusableModel } from './unusable-model.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const NEVER = new AbortController().signal;

/** A store that throws, and a clock that tests set. */
function servedModels(failure?: ZkinferError, allowedModels: readonly string[] | null = null) {
  const clock = { now: 1_000 };
  const models: ModelStore = {
    list: async () => [],
    open: async () => {
      throw failure ?? new Error('nothing is here');
    },
  };
  const now = () => clock.now;
  const served = new ServedModels({ models, allowedModels, logger: SILENT_LOGGER, now });
  return { served, clock };
}

/** What `find` throws. */
async function failureOf(served: ServedModels): Promise<unknown> {
  try {
    await served.find(A, NEVER);
  } catch (error) {
    return error;
  }
  return assert.fail('it was found');
}

test('a worker serves all models, or those that it was told', () => {
  assert.deepEqual(
    [A, B].map((digest) => servedModels().served.serves(digest)),
    [true, true],
  );
  const { served } = servedModels(undefined, [B]);
  assert.deepEqual(
    [A, B].map((digest) => served.serves(digest)),
    [false, true],
  );
});

for (const [failure, ms] of [
  [new IntegrityError({ code: 'CORE_ARTIFACT_TAMPERED', what: 'x' }), 300_000],
  [new EnvironmentError({ code: 'QUEUE_MEMORY_LIMIT', what: 'x' }), 300_000],
  [new EnvironmentError({ code: 'QUEUE_ARTIFACTS_UNAVAILABLE', what: 'x' }), 15_000],
  [new InputError({ code: 'QUEUE_MODEL_UNKNOWN', what: 'x' }), 15_000],
] as const) {
  test(`${failure.code}: the model is left to others for ${ms / 1_000} s, no other is`, async () => {
    const { served, clock } = servedModels(failure);
    const error = await failureOf(served);
    assert.ok(error instanceof UnusableModel);
    served.setAside(error);
    const until = 1_000 + ms;
    assert.deepEqual(served.unusable(), [{ modelDigest: A, code: failure.code, until }]);
    assert.deepEqual(
      [A, B].map((digest) => served.serves(digest)),
      [false, true],
    );
    clock.now = until - 1;
    assert.equal(served.serves(A), false);
    clock.now = until;
    assert.equal(served.serves(A), true);
    assert.deepEqual(served.unusable(), []);
  });
}

test('a task that is aborted, or a child that died, says nothing of the model', async () => {
  const aborted = AbortSignal.abort(new Error('enough'));
  const { served } = servedModels();
  await assert.rejects(served.find(A, aborted), /enough/);
  const died = new EnvironmentError({ code: 'QUEUE_CHILD_DIED', what: 'x' });
  assert.equal(await failureOf(servedModels(died).served), died);
});
