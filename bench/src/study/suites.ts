/** What a suite measures. */
import { InputError } from '@zkinfer/core';
import type { BenchModel } from '../models/bench-model.ts';
import {
  ACTIVATION_LADDER,
  PARAMETER_LADDER,
  RESIDUAL,
  VGG_LIKE,
  WIDE_MLP,
} from '../models/seeded-models.ts';
import { IRIS, LENET5, MNIST_MLP } from '../models/trained-models.ts';

/** A choice of models, and how often what is run. */
export interface Suite {
  readonly name: string;
  readonly description: string;
  readonly models: readonly BenchModel[];
  /** Of quick phases. */
  readonly repeat: number;
  /** Of compilation and setup, which take seconds to minutes. */
  readonly slowRepeat: number;
  /** How long warm contestants warm up at least; a run each in any case. */
  readonly warmUpMs: number;
  /** Proofs in a transaction whose gas is measured. */
  readonly batches: readonly number[];
  /** Whether other compilers take part, on the models that they can do. */
  readonly comparesCompilers: boolean;
}

const BATCHES = [1, 2, 4, 8, 16];
const WARM_UP_MS = 1_500;

/** Each for its own purse of time. */
export const SUITES: readonly Suite[] = [
  {
    name: 'default',
    description: 'the trained models, a ladder, gas: at most a quarter of an hour on 2 cores',
    models: [IRIS, MNIST_MLP, LENET5, ...PARAMETER_LADDER],
    repeat: 3,
    slowRepeat: 1,
    warmUpMs: WARM_UP_MS,
    batches: BATCHES,
    comparesCompilers: false,
  },
  {
    name: 'full',
    description: 'all models, both ladders, other compilers: about an hour on 2 cores',
    models: [
      IRIS,
      MNIST_MLP,
      LENET5,
      WIDE_MLP,
      VGG_LIKE,
      RESIDUAL,
      ...PARAMETER_LADDER,
      ...ACTIVATION_LADDER,
    ],
    repeat: 5,
    slowRepeat: 3,
    warmUpMs: WARM_UP_MS,
    batches: BATCHES,
    comparesCompilers: true,
  },
  {
    name: 'smoke',
    description: 'the smallest model once, to see that everything runs: under a minute',
    models: [IRIS],
    repeat: 1,
    slowRepeat: 1,
    warmUpMs: 0,
    batches: [1, 2],
    comparesCompilers: false,
  },
];

/** @throws InputError BENCH_SUITE_UNKNOWN */
export function suiteOf(name: string): Suite {
  const suite = SUITES.find((each) => each.name === name);
  if (suite !== undefined) return suite;
  throw new InputError({
    code: 'BENCH_SUITE_UNKNOWN',
    what: 'there is no such suite',
    got: name,
    expected: SUITES.map((each) => each.name).join(', '),
  });
}
