import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CircuitSummary } from '@zkinfer/circuits';
import { type Model, ModelState } from '@zkinfer/verifier-contracts';
import { RegisteredModels } from './registered-models.ts';

const DIGEST = 'd1'.repeat(32);
const KEY = `0x${'4e'.repeat(32)}`;
const ID = `0x${'1d'.repeat(32)}`;
const PROVABLE = { modelDigest: DIGEST, keyHash: KEY, circuit: {} as CircuitSummary };

function open() {
  const clock = { now: 0 };
  const registry = {
    ids: [] as string[],
    state: ModelState.Active as bigint,
    asked: 0,
    fails: false,
  };
  const reader = {
    async registrations() {
      registry.asked += 1;
      if (registry.fails) throw new Error('the node is away');
      return registry.ids;
    },
    async model() {
      const identity = { modelDigest: `0x${DIGEST}` };
      return { identity, keyHash: KEY, owner: KEY, state: registry.state } as unknown as Model;
    },
  };
  const models = new RegisteredModels(reader, new Map([[DIGEST, PROVABLE]]), {}, () => clock.now);
  return { clock, registry, models };
}

test('a model that is registered later is found within seconds, and not looked for each time', async () => {
  const { clock, registry, models } = open();
  assert.deepEqual(await models.servedIds(DIGEST), []);
  registry.ids = [ID];
  clock.now = 14_999;
  assert.deepEqual(await models.servedIds(DIGEST), []);
  clock.now = 15_000;
  assert.deepEqual(await models.servedIds(DIGEST), [ID]);
  clock.now = 600_000;
  assert.deepEqual(await models.servedIds(DIGEST), [ID]);
  assert.equal(registry.asked, 2);
});

test('one that is frozen is not served any more, soon', async () => {
  const { clock, registry, models } = open();
  registry.ids = [ID];
  assert.deepEqual(await models.servedIds(DIGEST), [ID]);
  registry.state = ModelState.Frozen;
  clock.now = 3_000;
  assert.deepEqual(await models.servedIds(DIGEST), []);
});

test('many ask at a time, and the registry is asked once; what failed is asked again', async () => {
  const { registry, models } = open();
  registry.fails = true;
  const asked = [models.servedIds(DIGEST), models.servedIds(DIGEST)];
  for (const answer of asked) await assert.rejects(answer, /away/);
  assert.equal(registry.asked, 1);
  registry.fails = false;
  assert.deepEqual(await models.servedIds(DIGEST), []);
  assert.equal(registry.asked, 2);
});
