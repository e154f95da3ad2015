import { loadMnist, MNIST_PIXELS } from '../datasets/mnist-dataset.ts';

/** A digit that no model here has been trained on. */
export interface TestDigit {
  /** What it is, as people say. */
  readonly label: number;
  /** 28 × 28 grey pixels. */
  readonly pixels: Uint8Array;
}

/**
 * The first digits of the MNIST test set.
 * @throws EnvironmentError EXAMPLES_DATASET_MISSING
 */
export async function testDigits(count: number): Promise<TestDigit[]> {
  const { test } = await loadMnist();
  return Array.from({ length: count }, (_, i) => {
    const pixels = test.values.slice(i * MNIST_PIXELS, (i + 1) * MNIST_PIXELS);
    return { label: test.labels[i]!, pixels: Uint8Array.from(pixels) };
  });
}
