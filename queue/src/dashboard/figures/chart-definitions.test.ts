import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Minute } from '@zkinfer/core/service';
import { CHARTS, chartData, describeChart } from './chart-definitions.ts';

const MINUTES: readonly Minute[] = [
  {
    at: 60_000,
    submitted: 3,
    done: 2,
    failed: 1,
    p50Ms: 1_500,
    p95Ms: 4_000,
    gasUsed: '211000',
    spent: '1000000000000000',
    earned: '2000000000000000',
  },
  {
    at: 120_000,
    submitted: 0,
    done: 0,
    failed: 0,
    p50Ms: null,
    p95Ms: null,
    gasUsed: '0',
    spent: '0',
    earned: '0',
  },
];

function chart(id: string) {
  return CHARTS.find((definition) => definition.id === id)!;
}

test('each chart has seconds first, then a value for each minute and series', () => {
  const expected = {
    throughput: [
      [60, 120],
      [3, 0],
      [2, 0],
      [1, 0],
    ],
    latency: [
      [60, 120],
      [1_500, null],
      [4_000, null],
    ],
    cost: [
      [60, 120],
      [0.002, 0],
      [0.001, 0],
    ],
    gas: [
      [60, 120],
      [211_000, 0],
    ],
  };
  const actual = CHARTS.map((definition) => [definition.id, chartData(definition, MINUTES)]);
  assert.deepEqual(Object.fromEntries(actual), expected);
});

test('a chart is described by its last and highest values', () => {
  const text = 'p50: 1.5 s lately, at most 1.5 s';
  assert.ok(describeChart(chart('latency'), MINUTES).startsWith(text));
  assert.equal(describeChart(chart('gas'), []), 'gas: nothing');
});
