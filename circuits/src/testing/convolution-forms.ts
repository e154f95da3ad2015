/** Forms of convolution that a kernel must not confuse. */
import type { randomConv2d } from './random-operations.ts';

/** By what is special about them: [image, outputs, form]. */
export const CONVOLUTION_FORMS: Record<
  string,
  [[number, number, number], number, Parameters<typeof randomConv2d>[3]]
> = {
  plain: [[6, 7, 3], 4, {}],
  'with strides that leave a rest': [[7, 9, 2], 3, { strides: [3, 2] }],
  'with strides beyond the kernel': [[7, 7, 2], 3, { size: [2, 2], strides: [4, 3] }],
  'with unequal padding': [[5, 4, 2], 3, { padding: { top: 2, bottom: 0, left: 1, right: 3 } }],
  'with padding wider than the kernel': [
    [3, 3, 1],
    2,
    { size: [2, 2], padding: { top: 3, bottom: 3, left: 3, right: 3 } },
  ],
  'with dilation': [
    [9, 8, 2],
    3,
    { dilations: [3, 2], padding: { top: 1, bottom: 1, left: 2, right: 0 } },
  ],
  'in groups': [[5, 5, 6], 4, { groups: 2, strides: [1, 2] }],
  depthwise: [[5, 6, 4], 4, { groups: 4 }],
  'depthwise with a multiplier': [[5, 5, 3], 6, { groups: 3, dilations: [2, 1] }],
  'of one pixel': [[4, 4, 5], 7, { size: [1, 1] }],
  'of the whole image': [[4, 3, 2], 5, { size: [4, 3] }],
};
