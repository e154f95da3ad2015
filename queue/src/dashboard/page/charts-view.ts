/** The charts over the last hour, drawn by uPlot in the colours of the style sheet. */
import type { Minute } from '@zkinfer/core/service';
import uPlot from 'uplot';
import {
  CHARTS,
  type ChartDefinition,
  type ChartSeries,
  chartData,
  describeChart,
} from '../figures/chart-definitions.ts';
import { formatMinute } from '../figures/format-time.ts';
import { byId, element, setAttribute, setText } from './element.ts';

const HEIGHT = 150;
const AXIS_WIDTH = 64;
const AXIS_HEIGHT = 28;
/** Between two labels of the vertical axis, at least. */
const LABEL_SPACE = 28;
/** 1, 2 and 5 of every power of ten: halves would be rounded in labels of counts. */
const STEPS = Array.from({ length: 24 }, (_, i) => [1, 2, 5].map((n) => n * 10 ** (i - 9))).flat();

const DARK = matchMedia('(prefers-color-scheme: dark)');

/** All charts of the page. */
export class ChartsView {
  #charts: readonly ChartView[] = CHARTS.map((definition) => new ChartView(definition));
  #minutes: readonly Minute[] = [];

  constructor() {
    // What is on a canvas does not follow the style sheet by itself.
    DARK.addEventListener('change', () => {
      for (const chart of this.#charts) chart.destroy();
      this.#charts = CHARTS.map((definition) => new ChartView(definition));
      this.show(this.#minutes);
    });
  }

  show(minutes: readonly Minute[]): void {
    this.#minutes = minutes;
    for (const chart of this.#charts) chart.show(minutes);
  }
}

/** One chart with its legend, which tells the values below the pointer, else the latest ones. */
class ChartView {
  readonly #definition: ChartDefinition;
  readonly #figure: HTMLElement;
  readonly #values: readonly HTMLElement[];
  readonly #resizes: ResizeObserver;
  readonly #plot: uPlot;

  constructor(definition: ChartDefinition) {
    this.#definition = definition;
    this.#figure = byId(definition.id, HTMLElement);
    this.#values = showLegend(definition);
    const hooks = { setCursor: [() => this.#tellValues()] };
    const options = { ...optionsOf(definition), width: this.#figure.clientWidth, hooks };
    this.#plot = new uPlot(options, chartData(definition, []), this.#figure);
    this.#resizes = new ResizeObserver(() => {
      this.#plot.setSize({ width: this.#figure.clientWidth, height: HEIGHT });
    });
    this.#resizes.observe(this.#figure);
  }

  show(minutes: readonly Minute[]): void {
    this.#plot.setData(chartData(this.#definition, minutes));
    setAttribute(this.#figure, 'aria-label', describeChart(this.#definition, minutes));
    this.#tellValues();
  }

  destroy(): void {
    this.#resizes.disconnect();
    this.#plot.destroy();
  }

  #tellValues(): void {
    const [times, ...series] = this.#plot.data;
    const index = this.#plot.cursor.idx ?? times.length - 1;
    for (const [at, cell] of this.#values.entries()) {
      const value = series[at]?.[index];
      setText(cell, value === null || value === undefined ? '–' : this.#definition.format(value));
    }
  }
}

/** The places of the values. */
function showLegend({ id, series }: ChartDefinition): HTMLElement[] {
  const entries = series.map((one) => {
    const key = element('span', { class: one.dashed ? 'key dashed' : 'key' });
    key.style.borderColor = `var(${one.color})`;
    return { key, label: element('span', { text: one.label }), value: element('b') };
  });
  const items = entries.map(({ key, label, value }) => element('li', {}, key, label, value));
  byId(`${id}-legend`, HTMLElement).replaceChildren(...items);
  return entries.map(({ value }) => value);
}

function optionsOf({ series, format, leastTop }: ChartDefinition): uPlot.Options {
  const axis = axisStyle();
  return {
    width: 0,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'hour' } },
    scales: { y: { range: (_, __, highest) => [0, Math.max(leastTop, (highest ?? 0) * 1.1)] } },
    axes: [
      {
        ...axis,
        size: AXIS_HEIGHT,
        values: (_, times) => times.map((time) => formatMinute(time * 1000)),
      },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: LABEL_SPACE,
        incrs: STEPS,
        values: (_, values) => values.map(format),
      },
    ],
    series: [{}, ...series.map(seriesStyle)],
  };
}

function axisStyle(): uPlot.Axis {
  const line = { stroke: styled('--line'), width: 1 };
  return { stroke: styled('--quiet'), font: `11px ${styled('--font')}`, grid: line, ticks: line };
}

function seriesStyle({ label, color, dashed }: ChartSeries): uPlot.Series {
  const points = { size: 4, fill: styled(color) };
  const line = { label, stroke: styled(color), width: 2, points };
  return dashed ? { ...line, dash: [5, 4] } : line;
}

/** A custom property of the style sheet, as it is now. */
function styled(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
