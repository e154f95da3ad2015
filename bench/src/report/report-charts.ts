/** The charts of a report: SVG, drawn without a browser. */
import { init } from 'echarts';
import type { EChartsCoreOption as ChartOption } from 'echarts/core';
import { figuresOf, findFigure } from '../study/figures.ts';
import { proofCosts } from '../study/proof-cost.ts';
import type { StudyModel, StudyRun } from '../study/study-run.ts';
import { formatBytes, formatCount, formatMoney, formatTime } from './format-figure.ts';
import { OUR_COMPILER, OUR_ENGINE, titleOf } from './table-parts.ts';

/** A picture and what it says. */
export interface ReportChart {
  /** For file names and anchors. */
  readonly name: string;
  readonly title: string;
  /** What to see in it, in words: also for those who cannot see it. */
  readonly caption: string;
  readonly svg: string;
}

type Point = readonly [x: number, y: number];

interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

interface Axis {
  readonly name: string;
  readonly format: (value: number) => string;
}

const WIDTH = 720;
const HEIGHT = 420;

/** Told apart also in shades of grey and by the colour-blind (Okabe and Ito, 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

/** Told apart by their shape as well. */
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow'];

/** One proof costs too little for a readable axis. */
const PRICED_PROOFS = 1_000;

/** All charts that the run has data for. */
export function reportCharts(run: StudyRun): ReportChart[] {
  const charts = [
    timeByRows(run),
    ladderChart(run, 'parameters'),
    ladderChart(run, 'activations'),
    costByEngine(run),
    gasByBatch(run),
    memoryByEngine(run),
  ];
  return charts.filter((chart) => chart !== undefined);
}

/** Proving time against rows, one line for each prover. */
export function timeByRows(run: StudyRun): ReportChart | undefined {
  const figures = figuresOf(run).filter(({ phase }) => phase === 'prove-warm');
  const series = groupBy(figures, (figure) => proverName(figure)).map(([name, group]) => ({
    name,
    points: group.flatMap((figure): Point[] => {
      const rows = circuitOf(run, figure)?.rows;
      return rows === undefined ? [] : [[rows, figure.time.median]];
    }),
  }));
  return lines({
    name: 'time-by-rows',
    title: 'Proving time against rows',
    caption: 'Warm proofs, medians; both axes logarithmic. Lower is better.',
    x: { name: 'rows', format: formatCount },
    y: { name: 'proof', format: formatTime },
    series,
  });
}

/** How time and key size follow one quantity while the other stands still. */
function ladderChart(run: StudyRun, ladder: 'parameters' | 'activations'): ReportChart | undefined {
  const rungs = run.models.filter((model) => model.ladder === ladder);
  const figures = figuresOf(run);
  const keyOf = ({ name }: StudyModel) => ({
    model: name,
    compiler: OUR_COMPILER,
    engine: OUR_ENGINE,
    phase: 'prove-warm' as const,
  });
  const time = rungs.flatMap((model): Point[] => {
    const median = findFigure(figures, keyOf(model))?.time.median;
    return median === undefined ? [] : [[model[ladder], median / 1000]];
  });
  const size = rungs.flatMap((model): Point[] => {
    const bytes = circuitOf(run, keyOf(model))?.keyBytes;
    return bytes === undefined ? [] : [[model[ladder], bytes / 1e6]];
  });
  const constant = ladder === 'parameters' ? 'activations' : 'parameters';
  return lines({
    name: `${ladder}-ladder`,
    title: `Time and key size against ${ladder}`,
    caption: `As many ${constant} in all of them; both axes logarithmic.`,
    x: { name: ladder, format: formatCount },
    y: { name: 'seconds, megabytes', format: (value) => String(value) },
    series: [
      { name: 'proof, seconds', points: time },
      { name: 'proving key, MB', points: size },
    ],
  });
}

function costByEngine(run: StudyRun): ReportChart | undefined {
  const costs = proofCosts(run, figuresOf(run)).filter((cost) => isMain(run, cost.model));
  return byCategory({
    name: 'cost-by-engine',
    title: 'Machine cost of a proof, by prover',
    caption: `Witness and warm proof at ${formatMoney(run.prices.machineHour, run.prices.currency)} a machine-hour, without gas; logarithmic. Lower is better.`,
    categories: unique(costs.map(({ model }) => titleOf(run, model))),
    y: {
      name: `${run.prices.currency} for ${formatCount(PRICED_PROOFS)} proofs`,
      format: (value) => formatMoney(value, '').trim(),
      isLogarithmic: true,
    },
    series: groupBy(costs, proverName).map(([name, group]) => ({
      name,
      values: new Map(
        group.map((cost) => [titleOf(run, cost.model), cost.machine * PRICED_PROOFS]),
      ),
    })),
  });
}

function gasByBatch(run: StudyRun): ReportChart | undefined {
  return byCategory({
    name: 'gas-by-batch',
    title: 'Gas a proof, by proofs in a transaction',
    caption: 'The transaction’s own 21,000 and calldata included. Lower is better.',
    categories: unique(run.gas.map(({ batch }) => String(batch))),
    x: 'proofs in a transaction',
    y: { name: 'gas a proof', format: formatCount, isLogarithmic: false },
    series: groupBy(run.gas, ({ call }) => call).map(([call, samples]) => ({
      name: call === 'verify' ? 'verification alone' : 'settlement with payment',
      values: new Map(samples.map(({ batch, gasUsed }) => [String(batch), gasUsed / batch])),
    })),
  });
}

function memoryByEngine(run: StudyRun): ReportChart | undefined {
  const figures = figuresOf(run).filter(
    ({ phase, memory, model }) => phase === 'prove-cold' && memory !== null && isMain(run, model),
  );
  return byCategory({
    name: 'memory-by-engine',
    title: 'Memory of a cold proof, by prover',
    caption: 'Largest resident memory of the whole process tree. Lower is better.',
    categories: unique(figures.map(({ model }) => titleOf(run, model))),
    y: { name: 'peak memory', format: formatBytes, isLogarithmic: false },
    series: groupBy(figures, proverName).map(([name, group]) => ({
      name,
      values: new Map(group.map((figure) => [titleOf(run, figure.model), figure.memory!.max])),
    })),
  });
}

interface LineChart {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

function lines({ name, title, caption, x, y, series }: LineChart): ReportChart | undefined {
  const drawn = series
    .filter(({ points }) => points.length > 0)
    .map(({ name: seriesName, points }, i) => ({
      type: 'line',
      name: seriesName,
      symbol: SYMBOLS[i % SYMBOLS.length],
      symbolSize: 9,
      data: [...points].sort((a, b) => a[0] - b[0]),
    }));
  if (drawn.length === 0) return undefined;
  const svg = draw({
    ...base(),
    xAxis: { ...logAxis(x), nameGap: 32 },
    yAxis: logAxis(y),
    series: drawn,
  });
  return { name, title, caption, svg };
}

interface CategoryChart {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly categories: readonly string[];
  /** What the categories are, where they do not say so themselves. */
  readonly x?: string;
  readonly y: Axis & { readonly isLogarithmic: boolean };
  readonly series: readonly {
    readonly name: string;
    readonly values: ReadonlyMap<string, number>;
  }[];
}

/** Bars from zero; on a logarithmic axis, which has no zero to start from, points. */
function byCategory({
  name,
  title,
  caption,
  categories,
  x,
  y,
  series,
}: CategoryChart): ReportChart | undefined {
  if (series.length === 0) return undefined;
  const svg = draw({
    ...base(),
    xAxis: {
      type: 'category',
      data: [...categories],
      ...(x === undefined ? {} : { name: x, nameLocation: 'middle', nameGap: 32 }),
      axisLabel: { interval: 0, width: WIDTH / (categories.length + 1), overflow: 'break' },
      splitLine: { show: y.isLogarithmic },
    },
    yAxis: y.isLogarithmic ? logAxis(y) : linearAxis(y),
    series: series.map((each, i) => ({
      ...(y.isLogarithmic
        ? { type: 'scatter', symbol: SYMBOLS[i % SYMBOLS.length], symbolSize: 13 }
        : { type: 'bar', barMaxWidth: 48 }),
      name: each.name,
      data: categories.map((category) => each.values.get(category) ?? null),
    })),
  });
  return { name, title, caption, svg };
}

function base(): ChartOption {
  return {
    animation: false,
    color: COLOURS,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    legend: { top: 8, itemGap: 28 },
    grid: { left: 90, right: 30, top: 48, bottom: 64 },
  };
}

function logAxis(axis: Axis) {
  return { type: 'log', ...axisText(axis), minorSplitLine: { show: false } };
}

function linearAxis(axis: Axis) {
  return { type: 'value', ...axisText(axis) };
}

function axisText({ name, format }: Axis) {
  return { name, nameLocation: 'middle', nameGap: 66, axisLabel: { formatter: format } };
}

function draw(option: ChartOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Ladders have a chart of their own. */
function isMain({ models }: StudyRun, name: string): boolean {
  return models.find((model) => model.name === name)?.ladder === null;
}

function circuitOf({ circuits }: StudyRun, key: { model: string; compiler: string }) {
  return circuits.find(({ model, compiler }) => model === key.model && compiler === key.compiler);
}

function proverName({ compiler, engine }: { compiler: string; engine: string }): string {
  return compiler === OUR_COMPILER ? engine : `${compiler}, ${engine}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
