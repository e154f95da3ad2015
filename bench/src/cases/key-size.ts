import { compileCircuit } from '@zkinfer/circuits';
import { constraintStatistics, domainSizeLog2, provingKeyBytes } from '@zkinfer/core';
import type { CountCase } from '../case.ts';
import { type MlpShape, parameterCount, randomMlp } from '../inputs/random-mlp.ts';

const SEED = 5;

/** Both have 512 ReLUs; the wide one has more than ten times as many parameters. */
const SHAPES: readonly MlpShape[] = [
  { inputs: 64, width: 8, layers: 64, outputs: 10 },
  { inputs: 64, width: 128, layers: 4, outputs: 10 },
];

const TITLES = ['hidden layers', 'parameters', 'ReLUs', 'rows', 'domain', 'proving key'];

export const benchCase: CountCase = {
  kind: 'count',
  title: 'size of the proving key of two perceptrons, as many ReLUs, more parameters',
  notes: [
    'Weights are in combinations that a Groth16 key does not store: keys follow the number of activations.',
    'Sums of more terms are wider, by a bit for each doubling: this is what the wide one has more.',
  ],
  usesThirdParty: false,
  async count(progress) {
    const rows = SHAPES.map((shape) => {
      progress.stage(`${shape.layers} layers of ${shape.width}`);
      return rowOf(shape);
    });
    const align = (i: number) => (i === 0 ? 'left' : 'right');
    return { columns: TITLES.map((title, i) => ({ title, align: align(i) })), rows };
  },
};

function rowOf(shape: MlpShape): string[] {
  const circuit = compileCircuit(randomMlp(shape, SEED));
  const statistics = constraintStatistics(circuit);
  const bytes = provingKeyBytes(statistics, circuit);
  return [
    `${shape.layers} × ${shape.width}`,
    `${parameterCount(shape)}`,
    `${shape.layers * shape.width}`,
    `${statistics.rows}`,
    `2^${domainSizeLog2(circuit)}`,
    `${(bytes / 1e6).toFixed(2)} MB`,
  ];
}
