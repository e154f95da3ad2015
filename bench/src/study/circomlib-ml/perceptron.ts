/** A perceptron on integers, the only models that circomlib-ml is compared on. */
import { type FloatGraph, foldAffine } from '@zkinfer/circuits';
import { InputError } from '@zkinfer/core';

/** A dense layer; all but the last are followed by a ReLU. */
export interface PerceptronLayer {
  readonly inputs: number;
  readonly units: number;
  /** weights[i · units + j] of input i and unit j. */
  readonly weights: readonly bigint[];
  readonly bias: readonly bigint[];
}

/** Weights are stored with so many binary places: sums are exact, nothing is rescaled between. */
const WEIGHT_PLACES = 12;

/**
 * The layers of a graph of dense layers and ReLUs, as integers.
 * @param inputScale the real that one step of the input stands for
 * @throws InputError BENCH_NO_PERCEPTRON
 */
export function perceptronOf(graph: FloatGraph, inputScale: number): PerceptronLayer[] {
  let scale = inputScale;
  let length = graph.inputs[0]!.shape.reduce((product, extent) => product * extent, 1);
  return foldAffine(graph).nodes.flatMap(({ operation, layer }): PerceptronLayer[] => {
    switch (operation.kind) {
      case 'dense': {
        scale *= 2 ** -WEIGHT_PLACES;
        const inputs = length;
        length = operation.units;
        return [
          {
            inputs,
            units: operation.units,
            weights: Array.from(operation.weights, (w) => toInteger(w * 2 ** WEIGHT_PLACES)),
            bias: Array.from(operation.bias, (b) => toInteger(b / scale)),
          },
        ];
      }
      case 'clip':
        if (operation.min === 0 && operation.max === Number.POSITIVE_INFINITY) return [];
        throw noPerceptron(layer, 'another bound than a ReLU’s');
      case 'reshape':
      case 'softmax':
        return [];
      default:
        throw noPerceptron(layer, operation.kind);
    }
  });
}

function toInteger(value: number): bigint {
  return BigInt(Math.round(value));
}

function noPerceptron(layer: string, got: string): InputError {
  return new InputError({
    code: 'BENCH_NO_PERCEPTRON',
    what: `layer ${layer} has no counterpart here`,
    got,
    expected: 'dense layers and ReLUs',
  });
}
