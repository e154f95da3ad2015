import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvironmentError, InputError, IntegrityError } from '@zkinfer/core';
import { classifyError, UNEXPECTED_ERROR } from './classify-error.ts';
import { CHAIN_ROUTE, DEFAULT_STAGES, HTTP_ROUTE, retryDelayMs } from './stages.ts';

const POLICY = { attempts: 9, firstDelayMs: 100, longestDelayMs: 1_000, jitter: 0.5 };

test('delays double up to the longest, less the jitter', () => {
  const without = [1, 2, 3, 4, 5, 500].map((attempt) => retryDelayMs(POLICY, attempt, 0));
  assert.deepEqual(without, [100, 200, 400, 800, 1_000, 1_000]);
  assert.equal(retryDelayMs(POLICY, 1, 0.5), 75);
  assert.equal(retryDelayMs({ ...POLICY, jitter: 0 }, 3, 0.99), 400);
});

test('what has been sent is never given up', () => {
  const abandonable = CHAIN_ROUTE.filter((name) => DEFAULT_STAGES[name].abandonable);
  assert.deepEqual(abandonable, HTTP_ROUTE);
});

test('few crashes poison what computes; waiting for the chain outlasts restarts of others', () => {
  const tolerant = CHAIN_ROUTE.filter((name) => DEFAULT_STAGES[name].maxCrashes > 100);
  assert.deepEqual(tolerant, ['settle', 'confirm', 'callback']);
});

test('an error is classified by its class, unless the stage lists its code', () => {
  const stage = { ...DEFAULT_STAGES.settle, errorClasses: { CHAIN_FULFILLED: 'final' } } as const;
  const details = (code: string) => ({ code, what: 'it' });
  assert.deepEqual(classifyError(new InputError(details('A')), stage), {
    code: 'A',
    class: 'fatal',
  });
  assert.equal(classifyError(new EnvironmentError(details('B')), stage).class, 'retryable');
  assert.equal(classifyError(new IntegrityError(details('C')), stage).class, 'retryable');
  assert.equal(classifyError(new InputError(details('CHAIN_FULFILLED')), stage).class, 'final');
});

test('the text of an unexpected error goes nowhere', () => {
  for (const error of [new Error('https://user:secret@host'), 'secret', undefined]) {
    const expected = { code: UNEXPECTED_ERROR, class: 'retryable' };
    assert.deepEqual(classifyError(error, DEFAULT_STAGES.fetch), expected);
  }
});
