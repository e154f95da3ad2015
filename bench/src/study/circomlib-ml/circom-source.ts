import type { PerceptronLayer } from './perceptron.ts';

/**
 * A circom program from circomlib-ml's templates: Dense, ReLU, ArgMax. Weights are signals, as its
 * authors have them; the only public signal is the class.
 */
export function circomSource(layers: readonly PerceptronLayer[]): string {
  const last = layers.length - 1;
  const classes = layers[last]!.units;
  return [
    'pragma circom 2.0.0;',
    ...['Dense', 'ReLU', 'ArgMax'].map((name) => `include "circomlib-ml/circuits/${name}.circom";`),
    'template Model() {',
    `  signal input in[${layers[0]!.inputs}];`,
    '  signal output out;',
    ...layers.flatMap((layer, i) => layerSource(layer, i, i === last)),
    `  component argmax = ArgMax(${classes});`,
    `  for (var j = 0; j < ${classes}; j++) argmax.in[j] <== dense${last}.out[j];`,
    '  out <== argmax.out;',
    '}',
    'component main = Model();',
    '',
  ].join('\n');
}

function layerSource({ inputs, units }: PerceptronLayer, i: number, isLast: boolean): string[] {
  const from = i === 0 ? 'in[k]' : `relu${i - 1}[k].out`;
  return [
    `  signal input weights${i}[${inputs}][${units}];`,
    `  signal input bias${i}[${units}];`,
    `  component dense${i} = Dense(${inputs}, ${units});`,
    `  for (var k = 0; k < ${inputs}; k++) {`,
    `    dense${i}.in[k] <== ${from};`,
    `    for (var j = 0; j < ${units}; j++) dense${i}.weights[k][j] <== weights${i}[k][j];`,
    '  }',
    `  for (var j = 0; j < ${units}; j++) dense${i}.bias[j] <== bias${i}[j];`,
    ...(isLast ? [] : reluSource(units, i)),
  ];
}

function reluSource(units: number, i: number): string[] {
  return [
    `  component relu${i}[${units}];`,
    `  for (var j = 0; j < ${units}; j++) {`,
    `    relu${i}[j] = ReLU();`,
    `    relu${i}[j].in <== dense${i}.out[j];`,
    '  }',
  ];
}
