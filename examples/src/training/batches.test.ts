import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { LabelledSamples } from '../datasets/labelled-samples.ts';
import { SeededRandom } from '../seeded-random.ts';
import { slices, takeBatch, takeShiftedBatch } from './batches.ts';
import { startBackend } from './start-backend.ts';

/** Two 3×3 images with one inked pixel each, in the middle. */
const IMAGES: LabelledSamples = {
  shape: [3, 3, 1],
  values: Uint8Array.of(0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 0, 200, 0, 0, 0, 0),
  scale: 0.5,
  labels: Uint8Array.of(3, 8),
};

describe('batches', () => {
  before(startBackend);

  it('hold the chosen samples in order, scaled, with their labels', () => {
    const { inputs, labels } = takeBatch(IMAGES, [1, 0, 1]);
    assert.deepEqual(inputs.shape, [3, 3, 3, 1]);
    assert.deepEqual([...labels], [8, 3, 8]);
    const middles = [4, 13, 22].map((index) => inputs.dataSync()[index]);
    assert.deepEqual(middles, [100, 50, 100]);
  });

  it('shift every image by whole pixels in all directions, and no further than asked', () => {
    const random = new SeededRandom(1);
    const seen = new Set<number>();
    for (let draw = 0; draw < 200; draw++) {
      const pixels = takeShiftedBatch(IMAGES, [0], 1, random).inputs.dataSync();
      assert.equal(pixels.filter((value) => value !== 0).length, 1);
      seen.add(pixels.indexOf(50));
    }
    assert.equal(seen.size, 9);
  });

  it('leave images in place for a shift of 0', () => {
    const { inputs } = takeShiftedBatch(IMAGES, [0, 1], 0, new SeededRandom(1));
    assert.deepEqual(inputs.dataSync(), takeBatch(IMAGES, [0, 1]).inputs.dataSync());
  });

  it('cover every index once, the last slice as short as it must be', () => {
    const cut = [...slices(Uint32Array.of(4, 2, 0, 3, 1), 2)].map((slice) => [...slice]);
    assert.deepEqual(cut, [[4, 2], [0, 3], [1]]);
  });
});
