import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesOf, studyRun } from '../testing/study-run.ts';
import { type FigureKey, figuresOf, findFigure, pairRatio } from './figures.ts';

const OURS: FigureKey = { model: 'iris', compiler: 'zkinfer', engine: 'wasm', phase: 'prove-warm' };
const THEIRS: FigureKey = { ...OURS, engine: 'snarkjs' };

test('samples of one key make one figure, those of another engine another', () => {
  const run = studyRun({
    samples: [
      ...samplesOf('wasm', 'prove-warm', [3, 1, 2]),
      ...samplesOf('snarkjs', 'prove-warm', [9]),
    ],
  });
  const figures = figuresOf(run);
  assert.equal(figures.length, 2);
  const ours = findFigure(figures, OURS)!;
  assert.deepEqual(ours.time, { median: 2, min: 1, max: 3 });
  assert.deepEqual([ours.count, ours.cpu, ours.memory?.max], [3, 4, 100_000_002]);
});

test('what nobody tells stays unknown', () => {
  const unknown = { cpuMilliseconds: null, peakBytes: null };
  const run = studyRun({ samples: samplesOf('rapid', 'prove-cold', [5], unknown) });
  const [figure] = figuresOf(run);
  assert.deepEqual([figure!.cpu, figure!.memory], [null, null]);
});

test('a ratio pairs the rounds in which both ran', () => {
  const run = studyRun({
    samples: [
      ...samplesOf('wasm', 'prove-warm', [10, 20, 30]),
      ...samplesOf('snarkjs', 'prove-warm', [40, 100]),
    ],
  });
  assert.deepEqual(pairRatio(run, THEIRS, OURS), { ratio: 4.5, min: 4, max: 5 });
});

test('there is no ratio without a common round', () => {
  const later = samplesOf('snarkjs', 'prove-warm', [40]).map((each) => ({ ...each, round: 7 }));
  const run = studyRun({ samples: [...samplesOf('wasm', 'prove-warm', [10]), ...later] });
  assert.equal(pairRatio(run, THEIRS, OURS), undefined);
});

test('rounds whose CPU time nobody tells are left out of its ratio', () => {
  const mute = samplesOf('snarkjs', 'prove-warm', [40], { cpuMilliseconds: null });
  const run = studyRun({ samples: [...samplesOf('wasm', 'prove-warm', [10]), ...mute] });
  assert.equal(pairRatio(run, THEIRS, OURS, 'cpuMilliseconds'), undefined);
  assert.equal(pairRatio(run, THEIRS, OURS)?.ratio, 4);
});
