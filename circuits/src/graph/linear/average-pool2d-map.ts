import type { Window2d } from '../float-graph.ts';
import type { AveragePool2dOperator } from '../network.ts';
import { windowedSize } from '../shape.ts';
import { forEachPosition } from '../window-positions.ts';
import { type LinearMap, noBias } from './linear-map.ts';

const UNDILATED = [1, 1] as const;

/**
 * The terms of a pooled sum: each covered element with weight lcm / (number of covered elements).
 */
export function averagePool2dMap(
  operator: AveragePool2dOperator,
  [input]: readonly (readonly number[])[],
): LinearMap {
  const [rows, columns, channels] = input as [number, number, number];
  const [outputRows, outputColumns] = windowedSize([rows, columns], operator);
  const divisor = averagingDivisor(operator, [rows, columns]);
  return {
    outputShape: [outputRows, outputColumns, channels],
    terms(element, visit) {
      const channel = element % channels;
      const place = (element - channel) / channels;
      const at = [Math.floor(place / outputColumns), place % outputColumns] as const;
      const weight = divisor / coveredElements(operator, [rows, columns], at);
      forEachPosition(operator, [rows, columns], at, UNDILATED, (_kr, _kc, row, column) => {
        visit(0, (row * columns + column) * channels + channel, weight);
      });
    },
    bias: noBias,
  };
}

/**
 * Least common multiple of the element counts that the windows of an average pooling cover: the
 * number by which the weighted sum must be divided to be the mean. Some number beyond the safe
 * integers if the multiple is.
 */
export function averagingDivisor(window: Window2d, image: readonly [number, number]): number {
  const [outputRows, outputColumns] = windowedSize(image, window);
  let divisor = 1;
  for (let row = 0; row < outputRows; row++) {
    for (let column = 0; column < outputColumns; column++) {
      divisor = leastCommonMultiple(divisor, coveredElements(window, image, [row, column]));
      if (!Number.isSafeInteger(divisor)) return divisor;
    }
  }
  return divisor;
}

function coveredElements(
  window: Window2d,
  image: readonly [number, number],
  at: readonly [number, number],
): number {
  let count = 0;
  forEachPosition(window, image, at, UNDILATED, () => {
    count++;
  });
  return count;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
