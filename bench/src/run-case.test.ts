import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderResult } from './case-result.ts';
import { type LoadedCase, loadCaseModule } from './load-case.ts';
import { type CaseOptions, runCase } from './run-case.ts';

const url = new URL('./testing/counting-contest.js', import.meta.url).href;

function optionsFor(row: string, stages: string[] = []): CaseOptions {
  const progress = { stage: (name: string) => stages.push(name), advance() {} };
  const { signal } = new AbortController();
  return { runs: 3, rows: [row], programs: [], progress, signal };
}

function counting(): Promise<LoadedCase> {
  return loadCaseModule('counting', url);
}

test('behavior: a contest runs from preparation to table, each in a process of its own', async () => {
  const stages: string[] = [];
  const result = await runCase(await counting(), optionsFor('fair', stages));
  const [row] = result.samples!;
  assert.deepEqual(
    row!.contestants.map(({ name, measurements }) => [name, measurements.length]),
    [
      ['theirs', 3],
      ['zkinfer', 3],
    ],
  );
  const all = row!.contestants.flatMap(({ measurements }) => measurements);
  assert.ok(all.every(({ milliseconds }) => milliseconds > 0));
  assert.ok(all.every(({ peakBytes }) => peakBytes! > 1e6));
  assert.ok(all.every(({ outcome }) => outcome === '1000'));
  assert.equal(stages[0], 'choosing a number');
  const runs = stages.slice(1).map((stage) => stage.split(':')[0]);
  assert.deepEqual(runs.slice(0, 4), [
    'fair warm-up',
    'fair warm-up',
    'fair run 1 of 3',
    'fair run 1 of 3',
  ]);
  const order = stages.slice(1).map((stage) => stage.split(' ').at(-3));
  assert.deepEqual(order.slice(0, 4), ['theirs', 'zkinfer', 'zkinfer', 'theirs']);
});

test('behavior: a result names machine, versions and date, and compares with ours', async () => {
  const result = await runCase(await counting(), optionsFor('fair'));
  const text = renderResult(result);
  for (const part of [result.date, result.machine.processor, process.versions.node, 'For tests.']) {
    assert.ok(text.includes(part), part);
  }
  assert.match(text, /\| fair +\| theirs +\|.* × \(.* – .*\) \|/);
  assert.match(text, /\| fair +\| zkinfer +\|.*\| +\| +\|\n/);
  assert.match(text, /Fewer than 5 runs each/);
});

test('error: a contestant that throws, or leaves, ends the case', async () => {
  for (const row of ['failing', 'leaving']) {
    const running = runCase(await counting(), optionsFor(row));
    await assert.rejects(running, { code: 'BENCH_CONTESTANT_FAILED' });
  }
});

test('error: contestants that made different things have no ratio', async () => {
  const running = runCase(await counting(), optionsFor('differing'));
  await assert.rejects(running, { code: 'BENCH_OUTCOMES_DIFFER' });
});

test('error: a row that the case does not have, a program that it cannot use', async () => {
  const loaded = await counting();
  await assert.rejects(runCase(loaded, optionsFor('2^99')), { code: 'BENCH_ROW_UNKNOWN' });
  const programs = [{ name: 'rapid', path: 'rapid' }];
  const running = runCase(loaded, { ...optionsFor('fair'), programs });
  await assert.rejects(running, { code: 'BENCH_PROGRAM_OPTION' });
});
