/** What the integers of an output mean to a reader. */

/** What is known about an output tensor when its integers are read. */
export interface OutputDescription {
  readonly name: string;
  readonly shape: readonly number[];
  /** The real that an integer of 1 stands for. */
  readonly scale: number;
  readonly meaning: 'logits' | 'argmax' | 'activation';
  /** Whether the float model ended in softmax, which is outside the proof. */
  readonly softmax: boolean;
  readonly labels?: readonly string[] | undefined;
}

/** What the integers of one output mean. */
export interface OutputReading {
  readonly name: string;
  readonly shape: readonly number[];
  readonly integers: readonly bigint[];
  /** scale · integer. */
  readonly reals: readonly number[];
  /**
   * The predicted class of logits and argmax outputs: index of the largest element, the lowest such
   * index on ties.
   */
  readonly predicted?: number;
  /** Its name, where the model has names. */
  readonly label?: string;
  /** The names of all elements, where they are classes with names. */
  readonly labels?: readonly string[];
  /**
   * Softmax of the reals, where the float model ended in softmax. Computed here, outside the proof.
   */
  readonly probabilities?: readonly number[];
}

/** Reads the integers of an output, as many as its shape has elements. */
export function readOutput(
  output: OutputDescription,
  values: ArrayLike<number | bigint>,
): OutputReading {
  const { name, shape, scale } = output;
  const integers = Array.from(values, BigInt);
  const reals = integers.map((integer) => Number(integer) * scale);
  const predicted = predictedClass(output, integers);
  const label = predicted === undefined ? undefined : output.labels?.[predicted];
  return {
    name,
    shape,
    integers,
    reals,
    ...(predicted === undefined ? {} : { predicted }),
    ...(label === undefined ? {} : { label }),
    ...(output.labels?.length === integers.length ? { labels: output.labels } : {}),
    ...(output.softmax && output.meaning === 'logits' ? { probabilities: softmax(reals) } : {}),
  };
}

function predictedClass(
  { meaning, softmax, labels }: OutputDescription,
  integers: readonly bigint[],
): number | undefined {
  if (meaning === 'argmax') return Number(integers[0]);
  const classifies = softmax || labels !== undefined;
  if (meaning !== 'logits' || !classifies || integers.length < 2) return undefined;
  return integers.reduce((best, value, i) => (value > integers[best]! ? i : best), 0);
}

/** Shifted by the largest element, so that no power overflows. */
function softmax(reals: readonly number[]): number[] {
  const largest = Math.max(...reals);
  const powers = reals.map((real) => Math.exp(real - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
