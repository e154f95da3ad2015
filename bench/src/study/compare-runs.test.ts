import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesOf, studyRun } from '../testing/study-run.ts';
import { compareRuns, hasRegressed, worstFirst } from './compare-runs.ts';
import type { StudyRun } from './study-run.ts';

const timed = (...milliseconds: number[]) =>
  studyRun({ samples: samplesOf('wasm', 'prove-warm', milliseconds) });
const verdict = (before: StudyRun, after: StudyRun) => compareRuns(before, after).times[0]!.verdict;

test('equal runs are the same, and nothing has regressed', () => {
  const comparison = compareRuns(timed(10, 11, 12), timed(10, 11, 12));
  assert.equal(comparison.times[0]!.verdict, 'same');
  assert.equal(hasRegressed(comparison), false);
});

test('slower is what lies beyond all earlier samples', () => {
  assert.equal(verdict(timed(10, 11, 12), timed(13, 14, 15)), 'slower');
  assert.equal(verdict(timed(13, 14, 15), timed(10, 11, 12)), 'faster');
});

test('samples that overlap are noise', () => {
  assert.equal(verdict(timed(10, 11, 14), timed(13, 16, 19)), 'same');
});

test('a change below one in twenty is not told apart, however quiet the runs', () => {
  assert.equal(verdict(timed(100, 100, 100), timed(104, 104, 104)), 'same');
  assert.equal(verdict(timed(100, 100, 100), timed(106, 106, 106)), 'slower');
});

test('what only one run has is named', () => {
  assert.equal(verdict(timed(1, 1, 1), studyRun()), 'only before');
  assert.equal(verdict(studyRun(), timed(1)), 'only after');
});

test('two samples say nothing about noise', () => {
  assert.equal(verdict(timed(10, 10), timed(20, 20)), 'too few');
});

test('counts are compared exactly', () => {
  const before = studyRun();
  const [circuit] = before.circuits;
  const after = studyRun({ circuits: [{ ...circuit!, rows: circuit!.rows + 1 }] });
  const comparison = compareRuns(before, after);
  assert.deepEqual(comparison.counts, [
    { what: 'iris (zkinfer): rows', before: 1_000, after: 1_001 },
  ]);
  assert.ok(hasRegressed(comparison));
  assert.ok(!hasRegressed(compareRuns(after, before)));
});

test('gas is compared by call and size of batch', () => {
  const gas = (gasUsed: number, batch: number) =>
    studyRun({ gas: [{ call: 'verify', batch, gasUsed }] });
  assert.equal(compareRuns(gas(5_000, 1), gas(5_010, 1)).counts.length, 1);
  assert.equal(compareRuns(gas(5_000, 1), gas(6_000, 2)).counts.length, 0);
});

test('a zero byte more in a random proof is no change of gas', () => {
  const gas = (gasUsed: number) => studyRun({ gas: [{ call: 'verify', batch: 1, gasUsed }] });
  assert.equal(compareRuns(gas(250_000), gas(249_988)).counts.length, 0);
});

test('another machine is warned of', () => {
  const before = studyRun();
  const after = studyRun({ machine: { ...before.machine, processor: 'other', cores: 64 } });
  assert.equal(compareRuns(before, after).warnings.length, 2);
  assert.equal(compareRuns(before, before).warnings.length, 0);
});

test('the slower ones are listed first', () => {
  const samples = (slow: readonly number[]) => [
    ...samplesOf('wasm', 'verify', [5, 5, 5]),
    ...samplesOf('wasm', 'prove-warm', slow),
  ];
  const before = studyRun({ samples: samples([1, 1, 1]) });
  const { times } = compareRuns(before, studyRun({ samples: samples([9, 9, 9]) }));
  assert.deepEqual(
    worstFirst(times).map(({ verdict }) => verdict),
    ['slower', 'same'],
  );
});
