import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { loadTensorflow } from '../float/backend.ts';
import type { Tensorflow } from '../float/tensorflow.ts';
import type { DenseOperator } from '../graph/network.ts';
import { prepareNetwork } from '../interpret/prepare-network.ts';
import { sampleInputs } from '../interpret/sample-inputs.ts';
import { CONVOLUTION_FORMS } from '../testing/convolution-forms.ts';
import { chainOf } from '../testing/network-sketch.ts';
import { randomConv2d, randomDense, randomWeights } from '../testing/random-operations.ts';
import { planLayers } from './plan-layers.ts';
import { TensorLayer } from './tensor-layer.ts';

const random = seededRandom(announceSeed());
const BACKENDS = ['wasm', 'cpu'] as const;

/** Compares the network's only layer with the interpreter; gives the digits of its weights. */
async function assertExact(tf: Tensorflow, network: ReturnType<typeof chainOf>): Promise<number> {
  const [planned] = planLayers(network, 1).layers;
  assert.ok(planned !== undefined, 'not planned to run on tensors');
  const [step] = prepareNetwork(network).steps;
  const layer = new TensorLayer(tf, planned);
  for (const inputs of sampleInputs(random, network, 4)) {
    assert.deepEqual(await layer.run(inputs[0]!), step!(inputs));
  }
  layer.dispose();
  return planned.weights.count;
}

for (const backend of BACKENDS) {
  test(`convolutions of every form are exact on ${backend}, in one digit and in several`, async () => {
    const { tf } = await loadTensorflow(backend);
    for (const [image, outputs, form] of Object.values(CONVOLUTION_FORMS)) {
      const operator = randomConv2d(random, image[2], outputs, form);
      const kernel = randomWeights(random, operator.kernel.length, 16);
      assert.equal(await assertExact(tf, chainOf({ shape: image }, operator)), 1);
      const wide = chainOf({ shape: image, lo: -(2 ** 15), bits: 16 }, { ...operator, kernel });
      assert.ok((await assertExact(tf, wide)) > 1);
    }
  });

  test(`dense layers are exact on ${backend}, in one digit and in several`, async () => {
    const { tf } = await loadTensorflow(backend);
    for (const [inputs, units] of [
      [1, 1],
      [7, 3],
      [64, 33],
    ] as const) {
      const dense = randomDense(random, inputs, units);
      assert.equal(await assertExact(tf, chainOf({ shape: [inputs] }, dense)), 1);
      const weights = Int16Array.from(dense.weights, (weight) => 256 * weight + random.int(0, 255));
      weights[0] = 2 ** 15 - 1;
      const wide = chainOf({ shape: [inputs], lo: -(2 ** 12), bits: 13 }, { ...dense, weights });
      assert.ok((await assertExact(tf, wide)) > 1);
    }
  });

  test(`sums at the limit of 32-bit floats, and biases beyond it, are exact on ${backend}`, async () => {
    const { tf } = await loadTensorflow(backend);
    const dense = (...weights: number[]): DenseOperator => ({
      kind: 'dense',
      units: 1,
      weights: Int16Array.from(weights),
      bias: Float64Array.of(2 ** 50 + 1),
    });
    const bytes = { shape: [3], lo: -(2 ** 8), bits: 9 };
    const most = -(2 ** 15);
    assert.equal(await assertExact(tf, chainOf(bytes, dense(most, most, 0))), 1);
    assert.equal(await assertExact(tf, chainOf(bytes, dense(most, most, 1))), 2);
  });
}

test('a layer leaves nothing on the backend once it is disposed of', async () => {
  const { tf } = await loadTensorflow('wasm');
  const before = tf.memory().numTensors;
  await assertExact(tf, chainOf({ shape: [5, 5, 4] }, randomConv2d(random, 4, 4, { groups: 2 })));
  assert.equal(tf.memory().numTensors, before);
});
