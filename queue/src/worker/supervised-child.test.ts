/** Calls to a child process, and everything that may happen to it meanwhile. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { waitUntil } from '@zkinfer/core/testing';
import { collectedLogs } from '../testing/collected-logs.ts';
import { SupervisedChild, type SupervisedChildOptions } from './supervised-child.ts';

const ECHO = new URL('../testing/echo-child.js', import.meta.url);
const PARENT = new URL('../testing/parent-process.js', import.meta.url);

const opened: SupervisedChild[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((child) => child.close()));
});

function echoChild(more: Partial<SupervisedChildOptions> = {}) {
  const { logger, lines } = collectedLogs();
  const child = new SupervisedChild({ script: ECHO, name: 'echo', logger, ...more });
  opened.push(child);
  return { child, lines };
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

test('values go to a child and back as they are', async () => {
  const { child } = echoChild({ settings: { limit: 3 } });
  assert.equal(child.processId, undefined);
  const value = { big: 2n ** 80n, bytes: Uint8Array.of(1, 2), list: [null, undefined] };
  assert.deepEqual(await child.call('echo', value), value);
  assert.deepEqual(await child.call('settings', undefined), { limit: 3 });
  assert.equal(await child.call('processId', undefined), child.processId);
});

test('errors keep their class and code, and lose their cause', async () => {
  const { child } = echoChild();
  await assert.rejects(child.call('refuse', undefined), (error) => {
    assert.ok(error instanceof InputError);
    assert.deepEqual([error.code, error.what, error.got], ['TEST_REFUSED', 'no', 'this']);
    assert.equal(error.cause, undefined);
    return true;
  });
  await assert.rejects(child.call('defect', undefined), /undefined is not a function/);
  await assert.rejects(child.call('no such method', undefined));
});

test('progress arrives in order, before the result', async () => {
  const { child } = echoChild();
  const heard: number[] = [];
  await child.call('count', 4, { onProgress: ({ done }) => heard.push(done) });
  assert.deepEqual(heard, [0.25, 0.5, 0.75, 1]);
});

test('what a child logs, its parent does', async () => {
  const { child, lines } = echoChild();
  await child.call('log', 'hello');
  const said = lines.filter(({ message }) => message === 'hello');
  assert.deepEqual(said, [
    { level: 'info', fields: { child: 'echo', count: 2n }, message: 'hello' },
  ]);
});

test('what a child says on its output is logged, cut to a length', async () => {
  const { child, lines } = echoChild();
  await child.call('say', 'x'.repeat(5_000));
  await waitUntil(() => lines.some(({ message }) => message === 'a child process says'));
  const { fields } = lines.find(({ message }) => message === 'a child process says')!;
  assert.equal((fields as { line: string }).line, 'x'.repeat(2_000));
});

for (const [how, expected] of [
  ['die', /SIGKILL/],
  ['exit', /exit code 7/],
] as const) {
  test(`a child that ends by itself (${how}) fails its calls, and is begun again`, async () => {
    const { child } = echoChild();
    const waiting = child.call('wait', undefined);
    const died = { code: 'QUEUE_CHILD_DIED', got: expected };
    const both = [assert.rejects(waiting, died), assert.rejects(child.call(how, undefined), died)];
    await Promise.all(both);
    assert.equal(await child.call('echo', 5), 5);
  });
}

test('a child that cannot be started fails its call', async () => {
  const { child } = echoChild({ script: new URL('./no-such-script.js', import.meta.url) });
  await assert.rejects(child.call('echo', 1), { code: 'QUEUE_CHILD_DIED' });
});

test('a call ends with its signal, and the child lives if it ends the call', async () => {
  const { child } = echoChild({ abortGraceMs: 60_000 });
  const processId = await child.call('processId', undefined);
  const controller = new AbortController();
  const waiting = child.call('wait', undefined, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  assert.equal(await child.call('processId', undefined), processId);
  await assert.rejects(child.call('echo', 1, { signal: controller.signal }), /enough/);
});

test('a child that does not end a call after its signal is killed', async () => {
  const { child } = echoChild({ abortGraceMs: 20 });
  const processId = await child.call('processId', undefined);
  const signal = AbortSignal.timeout(50);
  await assert.rejects(child.call('block', 60_000, { signal }), { name: 'TimeoutError' });
  assert.notEqual(await child.call('processId', undefined), processId);
});

test('a signal that comes after the result does no harm', async () => {
  const { child } = echoChild({ abortGraceMs: 0 });
  const controller = new AbortController();
  const processId = await child.call('processId', undefined, { signal: controller.signal });
  controller.abort();
  assert.equal(await child.call('processId', undefined), processId);
});

test('closing kills the child, whatever it does, and refuses further calls', async () => {
  const { child } = echoChild();
  const processId = await child.call<number>('processId', undefined);
  const blocked = assert.rejects(child.call('block', 60_000), { code: 'QUEUE_CHILD_CLOSED' });
  await child.close();
  await child.close();
  await blocked;
  assert.equal(isAlive(processId), false);
  await assert.rejects(child.call('echo', 1), { code: 'QUEUE_CHILD_CLOSED' });
});

test('a child does not heed the signals of a terminal or a service manager', async () => {
  const { child } = echoChild();
  const processId = await child.call<number>('processId', undefined);
  process.kill(processId, 'SIGINT');
  process.kill(processId, 'SIGTERM');
  assert.equal(await child.call('processId', undefined), processId);
});

test('a child ends when its parent is killed', async () => {
  const parent = fork(PARENT);
  const [processId] = (await once(parent, 'message')) as [number];
  assert.ok(isAlive(processId));
  parent.kill('SIGKILL');
  await waitUntil(() => !isAlive(processId));
});
