import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { InferenceJob, ProvedAnswer } from '@zkinfer/client';
import { EnvironmentError, IntegrityError } from '@zkinfer/core';
import { SpendingLimit } from './spending-limit.ts';
import { type Sighting, visit } from './vault-agent.ts';

let folder: string;
let limit: SpendingLimit;
let asked: number;
let opened: number;
let heard: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-agent-'));
  limit = await SpendingLimit.open(join(folder, 'spent.json'), { perRequest: 10n, total: 15n });
  [asked, opened, heard] = [0, 0, []];
});
afterEach(() => rm(folder, { recursive: true }));

function sighting(answer: () => number, changes: Partial<Sighting> = {}): Sighting {
  return {
    wanted: 7,
    cost: 10n,
    ask: async () => {
      asked++;
      return jobOf(answer);
    },
    follow: ({ status }) => heard.push(status),
    open: async () => {
      opened++;
    },
    ...changes,
  };
}

function jobOf(answer: () => number): InferenceJob {
  const update = { stage: null, progress: null, outcomeCode: null, view: null };
  const result = async () => answerOf(answer());
  return {
    id: 'job',
    updates: async function* () {
      yield { ...update, status: 'active' };
      yield { ...update, status: 'done' };
    },
    waitForResult: result,
    result,
  };
}

function answerOf(predicted: number): ProvedAnswer {
  const reading = { name: 'digit', shape: [1], integers: [BigInt(predicted)], reals: [predicted] };
  const signals = { outputHash: 1n, inputHash: 2n, binder: 3n };
  return { outputs: [{ ...reading, predicted }], outputWords: [], signals, proof: {} };
}

test('the wanted digit, proved, opens the vault', async () => {
  assert.deepEqual(
    await visit(
      sighting(() => 7),
      limit,
    ),
    { kind: 'opened', read: 7 },
  );
  assert.deepEqual([asked, opened, limit.spent], [1, 1, 10n]);
  assert.deepEqual(heard, ['active', 'done']);
});

test('another digit leaves it shut', async () => {
  assert.deepEqual(
    await visit(
      sighting(() => 1),
      limit,
    ),
    { kind: 'left', read: 1 },
  );
  assert.deepEqual([asked, opened], [1, 0]);
});

test('an answer that is not proved, or does not come, is not acted on', async () => {
  const failures = [
    new IntegrityError({ code: 'CLIENT_PROOF_INVALID', what: 'the proof does not hold' }),
    new IntegrityError({ code: 'CLIENT_STATEMENT_DIFFERS', what: 'another input' }),
    new EnvironmentError({ code: 'CLIENT_TIMEOUT', what: 'no answer' }),
  ];
  for (const failure of failures) {
    const generous = await SpendingLimit.open(join(folder, 'g.json'), {
      ...{ perRequest: 10n, total: 100n },
    });
    const failing = sighting(() => {
      throw failure;
    });
    assert.deepEqual(await visit(failing, generous), { kind: 'refused', code: failure.code });
  }
  assert.equal(opened, 0);
});

test('above the limit nothing is asked', async () => {
  const over = { kind: 'refused', code: 'EXAMPLES_OVER_LIMIT' };
  assert.deepEqual(
    await visit(
      sighting(() => 7, { cost: 11n }),
      limit,
    ),
    over,
  );
  await visit(
    sighting(() => 7),
    limit,
  );
  assert.deepEqual(
    await visit(
      sighting(() => 7),
      limit,
    ),
    over,
  );
  assert.deepEqual([asked, opened, limit.spent], [1, 1, 10n]);
});

test('a defect is not taken for a refusal', async () => {
  const broken = sighting(() => {
    throw new TypeError('a bug');
  });
  await assert.rejects(visit(broken, limit), TypeError);
});
