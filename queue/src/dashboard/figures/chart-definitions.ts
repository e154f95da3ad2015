/** The charts as data: what each draws from the minutes of an overview. */
import type { Minute } from '@zkinfer/core/service';
import { formatDuration } from './format-duration.ts';
import { formatCount } from './format-quantity.ts';

/** One line of a chart. */
export interface ChartSeries {
  readonly label: string;
  /** A custom property of the style sheet that holds its colour. */
  readonly color: string;
  /** Dashed lines tell series apart without colours. */
  readonly dashed?: boolean;
  value(minute: Minute): number | null;
}

/** A chart over the last hour. */
export interface ChartDefinition {
  readonly id: string;
  readonly series: readonly ChartSeries[];
  format(value: number): string;
  /** The vertical axis reaches at least so far. */
  readonly leastTop: number;
}

/** Seconds since 1970, then the values of each series, as uPlot takes them. */
export type ChartData = [number[], ...(number | null)[][]];

/** In the order of the page. */
export const CHARTS: readonly ChartDefinition[] = [
  {
    id: 'throughput',
    leastTop: 5,
    series: [
      { label: 'submitted', color: '--blue', dashed: true, value: ({ submitted }) => submitted },
      { label: 'done', color: '--green', value: ({ done }) => done },
      { label: 'failed', color: '--red', value: ({ failed }) => failed },
    ],
    format: formatCount,
  },
  {
    id: 'latency',
    leastTop: 1_000,
    series: [
      { label: 'p50', color: '--blue', value: ({ p50Ms }) => p50Ms },
      { label: 'p95', color: '--orange', dashed: true, value: ({ p95Ms }) => p95Ms },
    ],
    format: formatDuration,
  },
  {
    id: 'cost',
    leastTop: 0.001,
    series: [
      { label: 'earned', color: '--green', value: ({ earned }) => coinsOf(earned) },
      { label: 'spent', color: '--red', dashed: true, value: ({ spent }) => coinsOf(spent) },
    ],
    format: formatCoins,
  },
  {
    id: 'gas',
    leastTop: 100_000,
    series: [{ label: 'gas', color: '--violet', value: ({ gasUsed }) => Number(gasUsed) }],
    format: formatCount,
  },
];

export function chartData({ series }: ChartDefinition, minutes: readonly Minute[]): ChartData {
  return [
    minutes.map((minute) => minute.at / 1000),
    ...series.map((one) => minutes.map((minute) => one.value(minute))),
  ];
}

/** What a chart shows, in words: the last and the highest value of each series. */
export function describeChart(definition: ChartDefinition, minutes: readonly Minute[]): string {
  const parts = definition.series.map(({ label, value }) => {
    const values = minutes.map(value).filter((one) => one !== null);
    if (values.length === 0) return `${label}: nothing`;
    const [last, highest] = [values.at(-1)!, Math.max(...values)].map(definition.format);
    return `${label}: ${last} lately, at most ${highest}`;
  });
  return parts.join('; ');
}

function coinsOf(wei: string): number {
  return Number(wei) / 1e18;
}

function formatCoins(coins: number): string {
  return coins === 0 ? '0' : String(Number(coins.toPrecision(3)));
}
