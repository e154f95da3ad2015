import type { PerceptronLayer } from './perceptron.ts';

/** The signals that a witness is calculated from, as circom's calculators take them. */
export type CircomInputs = Readonly<Record<string, readonly (string | readonly string[])[]>>;

/** @param input integers of the input's scale */
export function circomInputs(
  layers: readonly PerceptronLayer[],
  input: ArrayLike<number>,
): CircomInputs {
  const entries = layers.flatMap(({ inputs, units, weights, bias }, i) => [
    [
      `weights${i}`,
      Array.from({ length: inputs }, (_, k) =>
        weights.slice(k * units, (k + 1) * units).map(String),
      ),
    ] as const,
    [`bias${i}`, bias.map(String)] as const,
  ]);
  return Object.fromEntries([['in', Array.from(input, String)] as const, ...entries]);
}

/** The class that the layers give: what a proof's public signal must be. */
export function perceptronClass(
  layers: readonly PerceptronLayer[],
  input: ArrayLike<number>,
): number {
  const outputs = layers.reduce(
    (values, layer, i) => denseOutputs(layer, values, i < layers.length - 1),
    Array.from(input, BigInt),
  );
  return outputs.reduce((best, value, i) => (value > outputs[best]! ? i : best), 0);
}

function denseOutputs(
  { units, weights, bias }: PerceptronLayer,
  inputs: readonly bigint[],
  hasRelu: boolean,
): bigint[] {
  return bias.map((start, j) => {
    const sum = inputs.reduce((total, value, k) => total + value * weights[k * units + j]!, start);
    return hasRelu && sum < 0n ? 0n : sum;
  });
}
