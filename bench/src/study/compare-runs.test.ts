import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesOf, studyRun } from '../testing/study-run.ts';
import { compareRuns, hasRegressed, worstFirst } from './compare-runs.ts';
import type { StudyRun } from './study-run.ts';

const timed = (...milliseconds: number[]) =>
  studyRun({ samples: samplesOf('wasm', 'prove-warm', milliseconds) });
const verdict = (before: StudyRun, after: StudyRun) =>
  compareRuns(before, after).figures[0]!.verdict;

test('equal runs are the same, and nothing has regressed', () => {
  const comparison = compareRuns(timed(10, 11, 12), timed(10, 11, 12));
  assert.equal(comparison.figures[0]!.verdict, 'same');
  assert.equal(hasRegressed(comparison), false);
});

test('worse is what lies beyond all earlier samples', () => {
  assert.equal(verdict(timed(10, 11, 12), timed(15, 16, 17)), 'worse');
  assert.equal(verdict(timed(15, 16, 17), timed(10, 11, 12)), 'better');
});

test('samples that overlap are noise', () => {
  assert.equal(verdict(timed(10, 11, 14), timed(13, 18, 19)), 'same');
});

test('so are medians less far apart than the samples spread', () => {
  assert.equal(verdict(timed(10, 11, 14), timed(15, 18, 19)), 'same');
  assert.equal(verdict(timed(19, 18, 15), timed(10, 11, 14)), 'same');
});

test('a change below one in twenty is not told apart, however quiet the runs', () => {
  assert.equal(verdict(timed(100, 100, 100), timed(104, 104, 104)), 'same');
  assert.equal(verdict(timed(100, 100, 100), timed(106, 106, 106)), 'worse');
});

test('what only one run has is named', () => {
  assert.equal(verdict(timed(1, 1, 1), studyRun()), 'only before');
  assert.equal(verdict(studyRun(), timed(1)), 'only after');
});

test('two samples say nothing about noise', () => {
  assert.equal(verdict(timed(10, 10), timed(20, 20)), 'too few');
});

test('what was measured before and failed now has regressed', () => {
  const failure = {
    model: 'iris',
    compiler: 'zkinfer',
    engine: 'wasm',
    phase: 'prove-warm',
    code: 'BENCH_CONTESTANT_FAILED',
    what: 'it ended',
  };
  const failing = compareRuns(timed(1, 1, 1), studyRun({ failures: [failure] }));
  assert.equal(failing.figures[0]!.verdict, 'failed');
  assert.ok(hasRegressed(failing));
  const other = compareRuns(timed(1, 1, 1), studyRun({ failures: [{ ...failure, engine: 'x' }] }));
  assert.ok(!hasRegressed(other));
});

test('memory is compared as time is', () => {
  const taking = (peakBytes: number) =>
    studyRun({ samples: samplesOf('wasm', 'prove-cold', [5, 5, 5], { peakBytes }) });
  const { figures } = compareRuns(taking(1e8), taking(2e8));
  assert.deepEqual(
    figures.map(({ quantity, verdict, before, after }) => [quantity, verdict, before, after]),
    [
      ['time', 'same', 5, 5],
      ['memory', 'worse', 1e8, 2e8],
    ],
  );
});

test('more changed predictions are a regression, of the same samples', () => {
  const changing = (changed: number, samples = 30) => {
    const [model] = studyRun().models;
    return studyRun({
      models: [{ ...model!, accuracy: { ...model!.accuracy!, changed, samples } }],
    });
  };
  assert.ok(hasRegressed(compareRuns(changing(0), changing(1))));
  assert.ok(!hasRegressed(compareRuns(changing(1), changing(0))));
  assert.equal(compareRuns(changing(0), changing(9, 300)).counts.length, 0);
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

test('another machine is warned of, and another Node', () => {
  const before = studyRun();
  const after = studyRun({ machine: { ...before.machine, processor: 'other', cores: 64 } });
  assert.equal(compareRuns(before, after).warnings.length, 2);
  const newer = studyRun({ versions: { ...before.versions, node: '99.0.0' } });
  assert.equal(compareRuns(before, newer).warnings.length, 1);
  assert.equal(compareRuns(before, before).warnings.length, 0);
});

test('the worse ones are listed first', () => {
  const samples = (slow: readonly number[]) => [
    ...samplesOf('wasm', 'verify', [5, 5, 5]),
    ...samplesOf('wasm', 'prove-warm', slow),
  ];
  const before = studyRun({ samples: samples([1, 1, 1]) });
  const { figures } = compareRuns(before, studyRun({ samples: samples([9, 9, 9]) }));
  assert.deepEqual(
    worstFirst(figures).map(({ key, verdict }) => `${key.phase} ${verdict}`),
    ['prove-warm worse', 'verify same', 'prove-warm same', 'verify same'],
  );
});
