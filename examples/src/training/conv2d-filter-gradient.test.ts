import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { startBackend } from './start-backend.ts';

interface Case {
  /** Images, height, width, channels. */
  readonly x: Shape4;
  /** Height, width, channels in, channels out. */
  readonly filter: Shape4;
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same';
}

type Shape4 = [number, number, number, number];

const CASES: readonly Case[] = [
  { x: [2, 6, 6, 1], filter: [5, 5, 1, 3], strides: 1, pad: 'valid' },
  { x: [1, 5, 7, 3], filter: [3, 2, 3, 4], strides: 1, pad: 'same' },
  { x: [2, 9, 8, 2], filter: [3, 3, 2, 5], strides: 2, pad: 'same' },
  { x: [1, 9, 8, 2], filter: [2, 3, 2, 2], strides: [2, 3], pad: 'valid' },
];

/** Single precision, sums of at most some hundred products of magnitude about one. */
const TOLERANCE = 1e-4;

describe("the WASM backend's gradient of a convolution by its filter", () => {
  before(startBackend);

  for (const example of CASES) {
    const { x, filter, strides, pad } = example;
    it(`equals the CPU backend's: ${x} * ${filter}, strides ${strides}, ${pad}`, async () => {
      const expected = await gradientOn('cpu', example);
      const got = await gradientOn('wasm', example);
      assert.equal(got.length, expected.length);
      for (let index = 0; index < got.length; index++) {
        assert.ok(Math.abs(got[index]! - expected[index]!) < TOLERANCE, `element ${index}`);
      }
      assert.ok(expected.some((value) => Math.abs(value) > 0.1));
    });
  }
});

async function gradientOn(
  backend: string,
  { x: xShape, filter: filterShape, strides, pad }: Case,
): Promise<Float32Array> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    // ReLU, so that the zeros that the kernel skips occur.
    const x = tf.randomNormal(xShape, 0, 1, 'float32', 11).relu() as tf.Tensor4D;
    const filter = tf.randomNormal(filterShape, 0, 1, 'float32', 12) as tf.Tensor4D;
    const convolve = (weights: tf.Tensor) =>
      tf
        .conv2d(x, weights as tf.Tensor4D, strides, pad)
        .square()
        .sum();
    return tf.grad(convolve)(filter).dataSync() as Float32Array;
  });
}
