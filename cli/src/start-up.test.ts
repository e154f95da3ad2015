/** What must not be loaded where it is not needed: it takes seconds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moduleGraph } from '@zkinfer/core/testing';

/** What works on chains and queues or runs float models, by a part of the modules' addresses. */
const HEAVY =
  /\/node_modules\/(ethers|fastify|bullmq|ioredis|@tensorflow)\/|\/(verifier-contracts|queue)\/dist\//;

const OFFLINE_VERBS = [
  ...['compile', 'inspect', 'evaluate', 'infer', 'setup'],
  ...['ceremony', 'audit', 'prove', 'verify', 'export'],
];

/** Foreign packages count as a whole. */
const isOurs = (module: string) => !module.includes('/node_modules/');

function heavyModules(file: string, heavy: RegExp): string[] {
  const modules = [...moduleGraph(new URL(file, import.meta.url).href, isOurs)];
  assert.ok(modules.some((module) => module.includes('/commander/')));
  return modules.filter((module) => heavy.test(module));
}

test('help loads no verb, no circuits and no prover', () => {
  const others = /\/(circuits|prover)\/dist\/|\/cli\/dist\/verbs\//;
  assert.deepEqual(heavyModules('./main.js', HEAVY), []);
  assert.deepEqual(heavyModules('./main.js', others), []);
});

test('verbs that work offline load neither chain nor queue nor TensorFlow.js', () => {
  for (const verb of OFFLINE_VERBS) {
    assert.deepEqual(heavyModules(`./verbs/${verb}.js`, HEAVY), [], verb);
  }
});

test('the same walk finds ethers in verbs that work on chain', () => {
  assert.ok(heavyModules('./verbs/request.js', HEAVY).length > 0);
});
