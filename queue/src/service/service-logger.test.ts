import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvironmentError } from '@zkinfer/core';
import { openServiceLogger } from './service-logger.ts';

function setUp() {
  const lines: string[] = [];
  const logger = openServiceLogger('info', { write: (line: string) => lines.push(line) });
  return { logger, last: () => JSON.parse(lines.at(-1)!), lines };
}

test('an event is a line of JSON with its level, time, fields and message', () => {
  const { logger, last } = setUp();
  logger.info({ jobId: 'a' }, 'done');
  const { time, ...rest } = last();
  assert.deepEqual(rest, { level: 'info', jobId: 'a', msg: 'done' });
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
});

test('what is below the level is not written', () => {
  const { logger, lines } = setUp();
  logger.debug({}, 'detail');
  assert.deepEqual(lines, []);
});

test('an error is told with its code, and without its cause', () => {
  const { logger, last, lines } = setUp();
  const cause = new Error('https://rpc.example/my-secret-key');
  logger.error({ err: new EnvironmentError({ code: 'CODE', what: 'no', cause }) }, 'failed');
  assert.deepEqual(last().err, { code: 'CODE', message: 'no' });
  logger.error({ err: new TypeError('odd', { cause }) }, 'failed');
  assert.deepEqual([last().err.type, last().err.message], ['TypeError', 'odd']);
  assert.ok(!lines.join('').includes('my-secret-key'));
});

test('salts, keys and credentials are not written, two levels deep', () => {
  const { logger, last, lines } = setUp();
  const secrets = { inputSalt: 'hush-1', privateKey: 'hush-2', apiKey: 'hush-3' };
  const request = { headers: { authorization: 'Bearer hush-4', host: 'here' }, cookie: 'hush-5' };
  logger.warn({ ...secrets, request, envelope: secrets, jobId: 'a' }, 'careless');
  assert.ok(!lines.join('').includes('hush'));
  assert.deepEqual([last().jobId, last().request.headers.host], ['a', 'here']);
});
