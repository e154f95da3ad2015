import type { Conv2dOperator } from '../network.ts';
import { windowedSize } from '../shape.ts';
import { forEachPosition } from '../window-positions.ts';
import type { LinearMap } from './linear-map.ts';

/**
 * The terms of a convolution (cross-correlation, zero padding). Output channel c reads the input
 * channels of group ⌊c · groups / outputs⌋; kernel index
 * ((row · columns + column) · inputs/groups + input channel) · outputs + c.
 */
export function conv2dMap(
  operator: Conv2dOperator,
  [input]: readonly (readonly number[])[],
): LinearMap {
  const [rows, columns, channels] = input as [number, number, number];
  const [outputRows, outputColumns] = windowedSize([rows, columns], operator, operator.dilations);
  const { outputChannels, groups, kernel, bias } = operator;
  const groupInputs = channels / groups;
  return {
    outputShape: [outputRows, outputColumns, outputChannels],
    terms(element, visit) {
      const output = element % outputChannels;
      const place = (element - output) / outputChannels;
      const firstInput = Math.floor((output * groups) / outputChannels) * groupInputs;
      const at = [Math.floor(place / outputColumns), place % outputColumns] as const;
      forEachPosition(operator, [rows, columns], at, operator.dilations, (kr, kc, row, column) => {
        const tap = (kr * operator.size[1] + kc) * groupInputs;
        const pixel = (row * columns + column) * channels + firstInput;
        for (let i = 0; i < groupInputs; i++) {
          const weight = kernel[(tap + i) * outputChannels + output]!;
          if (weight !== 0) visit(0, pixel + i, weight);
        }
      });
    },
    bias: (element) => bias[element % outputChannels]!,
  };
}
