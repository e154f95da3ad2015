import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { linearMapOf } from '../graph/linear/linear-map-of.ts';
import type { Conv2dOperator } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import { CONVOLUTION_FORMS } from '../testing/convolution-forms.ts';
import { randomConv2d, randomDense, UNPADDED } from '../testing/random-operations.ts';
import { evaluateLinear, evaluateWide } from './evaluate-linear.ts';
import { conv2dKernel, denseKernel } from './linear-kernels.ts';

const random = seededRandom(announceSeed());
const integers = (length: number) =>
  Float64Array.from({ length }, () => (random.boolean(0.2) ? 0 : random.int(-128, 127)));

for (const [name, [image, outputs, form]] of Object.entries(CONVOLUTION_FORMS)) {
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
