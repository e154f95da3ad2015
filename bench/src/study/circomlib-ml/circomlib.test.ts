import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argmax, loadTensorflow, runFloatGraph } from '@zkinfer/circuits';
import { SeededGraph } from '../../models/seeded-graph.ts';
import { IRIS } from '../../models/trained-models.ts';
import { circomInputs, perceptronClass } from './circom-inputs.ts';
import { circomSource } from './circom-source.ts';
import { perceptronOf } from './perceptron.ts';

const STEP = 2 ** -10;

test('integers of a perceptron predict what the float model predicts', async () => {
  const { graph, test } = await IRIS.load();
  const layers = perceptronOf(graph, STEP);
  const { tf } = await loadTensorflow();
  const outputs = await runFloatGraph(tf, graph, [test!.inputs], { tensors: graph.outputs });
  const floats = outputs.get(graph.outputs[0]!)!;
  for (let i = 0; i < test!.samples; i++) {
    const input = Array.from(test!.inputs.subarray(4 * i, 4 * i + 4), (x) => Math.round(x / STEP));
    assert.equal(perceptronClass(layers, input), argmax(floats.subarray(3 * i, 3 * i + 3)), `${i}`);
  }
});

test('the program has each layer once, ReLUs between them, and the class as its output', async () => {
  const layers = perceptronOf((await IRIS.load()).graph, STEP);
  const source = circomSource(layers);
  assert.equal(source.match(/= Dense\(/g)!.length, layers.length);
  assert.equal(source.match(/= ReLU\(\)/g)!.length, layers.length - 1);
  assert.match(source, /out <== argmax\.out;/);
});

test('inputs name all weights, as many as the program declares', async () => {
  const layers = perceptronOf((await IRIS.load()).graph, STEP);
  const inputs = circomInputs(layers, [1, 2, 3, 4]);
  assert.deepEqual(inputs.in, ['1', '2', '3', '4']);
  for (const [i, { inputs: rows, units }] of layers.entries()) {
    assert.equal(inputs[`weights${i}`]!.length, rows);
    assert.ok(inputs[`weights${i}`]!.every((row) => row.length === units));
    assert.equal(inputs[`bias${i}`]!.length, units);
  }
});

test('error: a layer that has no counterpart', () => {
  const graph = new SeededGraph('conv', [4, 4, 1], 1);
  const built = graph.build(graph.convolution(graph.input, { channels: 2 }));
  assert.throws(() => perceptronOf(built, STEP), { code: 'BENCH_NO_PERCEPTRON' });
});
