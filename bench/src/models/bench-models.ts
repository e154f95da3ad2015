import { InputError } from '@zkinfer/core';
import type { BenchModel } from './bench-model.ts';
import {
  ACTIVATION_LADDER,
  PARAMETER_LADDER,
  RESIDUAL,
  VGG_LIKE,
  WIDE_MLP,
} from './seeded-models.ts';
import { IRIS, LENET5, MNIST_MLP } from './trained-models.ts';

/** All models of the study, smaller ones first. */
export const BENCH_MODELS: readonly BenchModel[] = [
  IRIS,
  MNIST_MLP,
  LENET5,
  WIDE_MLP,
  VGG_LIKE,
  RESIDUAL,
  ...PARAMETER_LADDER,
  ...ACTIVATION_LADDER,
];

/** @throws InputError BENCH_MODEL_UNKNOWN */
export function benchModel(name: string): BenchModel {
  const model = BENCH_MODELS.find((each) => each.name === name);
  if (model !== undefined) return model;
  throw new InputError({
    code: 'BENCH_MODEL_UNKNOWN',
    what: 'there is no such model',
    got: name,
    expected: BENCH_MODELS.map((each) => each.name).join(', '),
  });
}
