import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvironmentError, InputError, IntegrityError, InternalError } from '@zkinfer/core';
import { answerToError } from './error-answer.ts';

const answer = (error: unknown) => {
  const { status, body } = answerToError(error, 'r-1');
  assert.equal(body.error.requestId, 'r-1');
  const { requestId: _, ...told } = body.error;
  return [status, told];
};

test('what the caller gave is told, with what was expected', () => {
  const details = { code: 'CORE_WORD_COUNT', what: 'w', got: 'g', expected: 'e', hint: 'h' };
  assert.deepEqual(answer(new InputError(details)), [422, details]);
  const unknown = { code: 'QUEUE_JOB_UNKNOWN', what: 'w' };
  assert.deepEqual(answer(new InputError(unknown)), [404, unknown]);
});

test('long texts are cut', () => {
  const [, told] = answer(new InputError({ code: 'X', what: 'w', got: 'g'.repeat(1e5) }));
  assert.equal((told as { got: string }).got.length, 300);
});

test('of files, hosts and accounts of the service nothing but the code is told', () => {
  const secret = { what: '/var/lib/zkinfer/keys.json', got: 'redis://:password@host', hint: 'h' };
  const failed = 'the service failed';
  const cases = [
    [new EnvironmentError({ code: 'A', ...secret }), 503, 'the service cannot do this now'],
    [new IntegrityError({ code: 'A', ...secret }), 500, failed],
    [new InternalError({ code: 'A', ...secret }), 500, failed],
  ] as const;
  for (const [error, status, what] of cases) {
    assert.deepEqual(answer(error), [status, { code: 'A', what }]);
  }
  for (const code of ['CORE_FILE_MISSING', 'CORE_ARTIFACT_UNLISTED', 'CORE_MANIFEST_FILE_NAME']) {
    assert.deepEqual(answer(new InputError({ code, ...secret })), [500, { code, what: failed }]);
  }
});

test('of errors that are nobody’s nothing is told at all', () => {
  const unexpected = { code: 'QUEUE_UNEXPECTED_ERROR', what: 'something unexpected happened' };
  for (const error of [new Error('at /var'), 'text', undefined, { statusCode: 400 }]) {
    assert.deepEqual(answer(error), [500, unexpected]);
  }
});

test('what Fastify refuses keeps its status, not its text', () => {
  const error = Object.assign(new Error('Unexpected token in {"secret'), {
    statusCode: 413,
    code: 'FST_ERR_CTP_BODY_TOO_LARGE',
  });
  const got = 'FST_ERR_CTP_BODY_TOO_LARGE';
  const told = { code: 'QUEUE_HTTP_TOO_LARGE', what: 'the request cannot be read', got };
  assert.deepEqual(answer(error), [413, told]);
});
