import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseNames, loadCase } from './load-case.ts';

test('every file of cases/ exports a case', async () => {
  const names = await caseNames();
  assert.ok(names.length > 0);
  for (const name of names) {
    const { definition } = await loadCase(name);
    assert.ok(['contest', 'count'].includes(definition.kind), name);
    assert.ok(definition.title.length > 0, name);
    if (definition.kind !== 'contest') continue;
    assert.equal(definition.contestants.filter(({ isOurs }) => isOurs).length, 1, name);
    const contestants = definition.contestants.map((contestant) => contestant.name);
    assert.equal(new Set(contestants).size, contestants.length, name);
    assert.equal(new Set(definition.rows).size, definition.rows.length, name);
  }
});

test('error: a case that does not exist, or is a path', async () => {
  for (const name of ['no-such-case', '../load-case', '']) {
    await assert.rejects(loadCase(name), { code: 'BENCH_CASE_UNKNOWN' });
  }
});
