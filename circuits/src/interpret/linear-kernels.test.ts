import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { linearMapOf } from '../graph/linear/linear-map-of.ts';
import type { Conv2dOperator } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import { randomConv2d, randomDense, UNPADDED } from '../testing/random-operations.ts';
import { evaluateLinear, evaluateWide } from './evaluate-linear.ts';
import { conv2dKernel, denseKernel } from './linear-kernels.ts';

const random = seededRandom(announceSeed());
const integers = (length: number) =>
  Float64Array.from({ length }, () => (random.boolean(0.2) ? 0 : random.int(-128, 127)));

/** Forms of convolution: [image, outputs, form]. */
const FORMS: Record<
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

for (const [name, [image, outputs, form]] of Object.entries(FORMS)) {
  test(`the convolution kernel equals its definition: ${name}`, () => {
    const operator = randomConv2d(random, image[2], outputs, form);
    const input = integers(elementCount(image));
    const map = linearMapOf(operator, [image]);
    const expected = evaluateLinear(map, [input]);
    assert.equal(expected.length, elementCount(map.outputShape));
    assert.deepEqual(conv2dKernel(operator, image, input), expected);
    assert.deepEqual([...evaluateWide(map, [input])].map(Number), [...expected]);
  });
}

test('the dense kernel equals its definition', () => {
  for (const [inputs, units] of [
    [1, 1],
    [7, 3],
    [64, 33],
  ] as const) {
    const operator = randomDense(random, inputs, units, 16);
    const input = integers(inputs);
    const map = linearMapOf(operator, [[inputs]]);
    assert.deepEqual(denseKernel(operator, input), evaluateLinear(map, [input]));
    assert.deepEqual([...evaluateWide(map, [input])].map(Number), [
      ...denseKernel(operator, input),
    ]);
  }
});

test('a kernel counts rows before columns, and input channels before outputs', () => {
  const operator: Conv2dOperator = {
    kind: 'conv2d',
    size: [1, 2],
    strides: [1, 1],
    padding: UNPADDED,
    dilations: [1, 1],
    groups: 1,
    outputChannels: 2,
    kernel: Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    bias: Float64Array.of(100, 200),
  };
  // Pixels (10, 20) and (30, 40): 10·1 + 20·3 + 30·5 + 40·7 and 10·2 + 20·4 + 30·6 + 40·8.
  const input = Float64Array.of(10, 20, 30, 40);
  assert.deepEqual(conv2dKernel(operator, [1, 2, 2], input), Float64Array.of(600, 800));
});
