import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesOf, studyRun } from '../testing/study-run.ts';
import { figuresOf } from './figures.ts';
import { gasCost, proofCosts } from './proof-cost.ts';
import type { StudyRun } from './study-run.ts';

const costsOf = (run: StudyRun) => proofCosts(run, figuresOf(run));
const PROVED = [
  ...samplesOf('zkinfer', 'witness', [100]),
  ...samplesOf('wasm', 'prove-warm', [900]),
  ...samplesOf('interpreter', 'infer', [50]),
  ...samplesOf('tfjs-wasm', 'infer', [10]),
];

test('the machine is paid for witness and proof, by the hour', () => {
  const [cost] = costsOf(studyRun({ samples: PROVED }));
  // 3.6 an hour is a thousandth a second.
  assert.ok(Math.abs(cost!.machine - 0.001) < 1e-12);
});

test('the premium is over the fastest plain inference', () => {
  assert.equal(costsOf(studyRun({ samples: PROVED }))[0]!.premium, 100);
});

test('nothing is made up where nothing was measured', () => {
  const [cost] = costsOf(studyRun({ samples: PROVED.slice(0, 2) }));
  assert.deepEqual([cost!.premium, cost!.gas, cost!.batchedGas], [null, null, null]);
});

test('without the time of its witness a proof has no price', () => {
  assert.deepEqual(costsOf(studyRun({ samples: samplesOf('wasm', 'prove-warm', [900]) })), []);
});

test('the contracts settle nothing of another compiler', () => {
  const compiler = 'circomlib-ml';
  const samples = [
    ...samplesOf(compiler, 'witness', [100], { compiler }),
    ...samplesOf('wasm', 'prove-warm', [900], { compiler }),
  ];
  const gas = [{ call: 'fulfill', batch: 1, gasUsed: 400_000 }] as const;
  const [cost] = costsOf(studyRun({ samples, gas: [...gas] }));
  assert.equal(cost!.gas, null);
  assert.ok(cost!.machine > 0);
});

test('gas is that of the settlement, alone and as a share of the largest batch', () => {
  const gas = [
    { call: 'fulfill', batch: 1, gasUsed: 400_000 },
    { call: 'fulfill', batch: 4, gasUsed: 1_200_000 },
    { call: 'fulfill', batch: 16, gasUsed: 3_200_000 },
    { call: 'verify', batch: 1, gasUsed: 1 },
  ] as const;
  const [cost] = costsOf(studyRun({ samples: PROVED, gas: [...gas] }));
  // 2 gwei and 2,500 a coin.
  assert.ok(Math.abs(cost!.gas! - 2) < 1e-9);
  assert.ok(Math.abs(cost!.batchedGas! - 1) < 1e-9);
});

test('a single settlement is no batch', () => {
  const gas = [{ call: 'fulfill', batch: 1, gasUsed: 5 }] as const;
  assert.equal(costsOf(studyRun({ samples: PROVED, gas: [...gas] }))[0]!.batchedGas, null);
});

test('a gwei is 10^-9 of the coin', () => {
  const prices = { currency: 'USD', machineHour: 0, gasPriceGwei: 1, coin: 3_000, source: '' };
  assert.equal(gasCost(1_000_000, prices), 3);
});
