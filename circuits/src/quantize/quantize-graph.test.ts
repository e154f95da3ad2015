import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { runSamples } from '../evaluate/run-samples.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import type { Network } from '../graph/network.ts';
import { networkToFiles } from '../graph/network-file.ts';
import type { CalibrationRun } from './calibration-run.ts';
import { quantizeGraph } from './quantize-graph.ts';
import type { QuantizeOptions } from './quantize-options.ts';
import { floatRun, GraphSketch, PADDED } from './testing/graph-sketch.ts';

/**
 * Drawn graphs are the same in every run: on few samples a value far out could exceed any fixed
 * bound.
 */
const SEEDS = [1, 2, 3];
const CALIBRATED = 128;
const HELD_OUT = 16;

/**
 * Root mean squares of error and signal of an output against the float graph's tensor of that name.
 */
function outputError(network: Network, run: CalibrationRun, output = 0) {
  const { tensor } = network.outputs[output]!;
  const { scale } = network.tensors.get(tensor)!;
  const expected = run.tensors.get(tensor)!;
  const size = expected.length / run.samples;
  let [error, signal] = [0, 0];
  const inputs = network.inputs.map(({ name }) => run.tensors.get(name)!);
  for (const { index, trace } of runSamples(network, inputs, run.samples)) {
    trace.get(tensor)!.forEach((q, i) => {
      const real = expected[index * size + i]!;
      error += (Number(q) * scale - real) ** 2;
      signal += real ** 2;
    });
  }
  return { error: Math.sqrt(error / expected.length), signal: Math.sqrt(signal / expected.length) };
}

/** Graphs that between them hold every operator in the places that are lowered differently. */
const GRAPHS: Record<string, (sketch: GraphSketch) => FloatGraph> = {
  'dense layers with nothing in between': (s) =>
    s.graph(s.dense(s.dense(s.dense(s.input(12), 10), 8), 4)),
  'convolutions with stride, padding, dilation and groups': (s) => {
    const image = s.input(11, 11, 4);
    const strided = s.relu(s.conv(image, 6, { stride: 2, padding: PADDED }));
    const grouped = s.relu(s.conv(strided, 6, { groups: 3, padding: PADDED }));
    const depthwise = s.conv(grouped, 12, { groups: 6, dilation: 2, padding: PADDED });
    return s.graph(s.dense(s.flatten(s.relu(depthwise)), 5));
  },
  'average pooling before and after activations, padded': (s) => {
    const conv = s.conv(s.input(9, 9, 2), 4, { padding: PADDED });
    const pooled = s.pool('averagePool2d', s.relu(conv), { size: 3, stride: 2, padding: PADDED });
    const second = s.pool('averagePool2d', s.conv(pooled, 6, { padding: PADDED }), { size: 3 });
    return s.graph(s.dense(s.flatten(s.relu(second)), 5));
  },
  'average pooling between convolutions': (s) => {
    const pooled = s.pool('averagePool2d', s.conv(s.input(8, 8, 2), 4));
    return s.graph(s.flatten(s.conv(pooled, 3, { size: 2 })));
  },
  'max pooling of activations, of sums, and with overlapping windows': (s) => {
    const first = s.pool('maxPool2d', s.relu(s.conv(s.input(12, 12, 2), 4)));
    const second = s.relu(s.pool('maxPool2d', s.conv(first, 5, { padding: PADDED }), { size: 3 }));
    const third = s.pool('maxPool2d', s.conv(second, 4, { padding: PADDED }), { stride: 1 });
    return s.graph(s.dense(s.flatten(third), 3));
  },
  'residual additions of sums and of values at different scales': (s) => {
    const image = s.input(6, 6, 3);
    const first = s.relu(s.conv(image, 4, { padding: PADDED, gain: 3 }));
    const sum = s.add({ kind: 'add' }, [first, s.conv(first, 4, { padding: PADDED, gain: 0.2 })]);
    const second = s.relu(sum);
    const pooled = s.pool('averagePool2d', second, { size: 3, stride: 1, padding: PADDED });
    const third = s.add({ kind: 'add' }, [pooled, first, second]);
    return s.graph(s.dense(s.flatten(third), 4));
  },
  'an addition of inputs whose scales have no common one': (s) => {
    const branch = s.add({ kind: 'tanh' }, [s.dense(s.input(8), 6)]);
    const other = s.add({ kind: 'sigmoid' }, [s.dense(s.input(5), 6)]);
    return s.graph(s.dense(s.add({ kind: 'add' }, [branch, other]), 3));
  },
  'concatenation of branches': (s) => {
    const image = s.input(6, 6, 2);
    const small = s.relu(s.conv(image, 3, { gain: 0.1 }));
    const large = s.relu(s.conv(image, 2, { gain: 5 }));
    const sums = s.conv(image, 2);
    return s.graph(s.dense(s.flatten(s.concat(small, large, sums)), 4));
  },
  'leaky ReLU, ReLU6 and a clip on both sides': (s) => {
    const leaky = s.add({ kind: 'leakyRelu', slope: 0.3 }, [s.dense(s.input(10), 12)]);
    const six = s.clip(s.dense(leaky, 12, 6), 0, 6);
    const both = s.clip(s.dense(six, 8), -1, 1);
    return s.graph(s.add({ kind: 'leakyRelu', slope: 0.01 }, [s.dense(both, 4)]));
  },
  'sigmoid and tanh': (s) => {
    const sigmoid = s.add({ kind: 'sigmoid' }, [s.dense(s.input(10), 12, 3)]);
    return s.graph(s.add({ kind: 'tanh' }, [s.dense(sigmoid, 6)]));
  },
  'normalisation that no layer before it can take in, and a hard sigmoid': (s) => {
    const normalised = s.affine(s.relu(s.conv(s.input(6, 6, 2), 4)));
    const conv = s.conv(s.add({ kind: 'pad2d', padding: PADDED }, [normalised], [6, 6, 4]), 3);
    return s.graph(s.clip(s.affine(s.flatten(conv)), 0, 1));
  },
  'two outputs, one of them also read on': (s) => {
    const hidden = s.dense(s.input(6), 8);
    return s.graph(hidden, s.dense(s.relu(hidden), 3));
  },
};

describe('the integer network stands for the float graph', () => {
  const cases = Object.entries(GRAPHS).flatMap((named) =>
    SEEDS.map((seed) => [named, seed] as const),
  );
  for (const [[name, draw], seed] of cases) {
    test(`${name} (seed ${seed})`, async () => {
      const sketch = new GraphSketch(seed);
      const graph = draw(sketch);
      const run = await floatRun(graph, sketch.samples(CALIBRATED));
      const fresh = await floatRun(graph, sketch.samples(HELD_OUT, -0.8, 0.8));
      const coarse = quantizeGraph(graph, run, { weightBits: 8, activationBits: 8 });
      const tables = graph.nodes.some(
        ({ operation: { kind } }) => kind === 'sigmoid' || kind === 'tanh',
      );
      graph.outputs.forEach((_, i) => {
        const { error, signal } = outputError(coarse.network, fresh, i);
        const reported = coarse.report.outputs[i]!.rmsError;
        assert.ok(error <= 2 * reported + 0.01 * signal, `error ${error}, reported ${reported}`);
        assert.ok(error <= 0.08 * signal, `error ${error} of ${signal}`);
      });
      if (tables) return;
      const fine = quantizeGraph(graph, run, { weightBits: 16, activationBits: 14 });
      graph.outputs.forEach((_, i) => {
        const { error, signal } = outputError(fine.network, run, i);
        assert.ok(error <= 0.002 * signal, `error ${error} of ${signal} with fine steps`);
      });
    });
  }
});

describe('what a network is made of', () => {
  const small = async (options: QuantizeOptions = {}) => {
    const sketch = new GraphSketch(7);
    const hidden = sketch.relu(sketch.dense(sketch.input(6), 8));
    const graph = sketch.graph(sketch.add({ kind: 'softmax' }, [sketch.dense(hidden, 3)]));
    const run = await floatRun(graph, sketch.samples(CALIBRATED));
    return { graph, run, ...quantizeGraph(graph, run, { weightBits: 8, ...options }) };
  };

  test('rescaling is a bare shift and clamping needs no comparator', async () => {
    const { network } = await small();
    const requantize = network.nodes.find(({ operation }) => operation.kind === 'requantize')!;
    assert.ok(requantize.operation.kind === 'requantize');
    const { multipliers, lo, hi } = requantize.operation;
    assert.deepEqual([multipliers, lo, hi], [[1], 0, 255]);
  });

  test('softmax gives exact logits, or their argmax, and is refused itself', async () => {
    const logits = (await small()).network.outputs[0]!;
    assert.deepEqual([logits.meaning, logits.softmax], ['logits', true]);
    const { network } = await small({ output: 'argmax', labels: ['a', 'b', 'c'] });
    const [output] = network.outputs;
    assert.equal(network.nodes.at(-1)!.operation.kind, 'argmax');
    assert.deepEqual(
      [output!.meaning, output!.labels, network.tensors.get(output!.tensor)!.hi],
      ['argmax', ['a', 'b', 'c'], 2n],
    );
    await assert.rejects(small({ output: 'activation' }), hasCode('CIRCUITS_SOFTMAX_OUTPUT'));
  });

  test('logits leave a last sigmoid out, which an activation keeps', async () => {
    const sketch = new GraphSketch(8);
    const graph = sketch.graph(sketch.add({ kind: 'sigmoid' }, [sketch.dense(sketch.input(4), 1)]));
    const run = await floatRun(graph, sketch.samples(CALIBRATED));
    const kinds = (options: QuantizeOptions) =>
      quantizeGraph(graph, run, { weightBits: 8, ...options }).network.nodes.map(
        ({ operation }) => operation.kind,
      );
    assert.deepEqual(kinds({ output: 'logits' }), ['dense']);
    assert.deepEqual(kinds({}), ['dense', 'requantize', 'table']);
    assert.throws(() => kinds({ output: 'argmax' }), hasCode('CIRCUITS_ARGMAX_OF_ONE'));
  });

  test('the same arguments give the same bytes, other data others', async () => {
    const bytes = (network: Network) => {
      const { model, weights } = networkToFiles(network);
      return Buffer.concat([model, weights]);
    };
    const options = { weightBits: 'auto' } as const;
    const first = await small(options);
    assert.deepEqual(bytes(first.network), bytes((await small(options)).network));
    const other = await floatRun(first.graph, [
      Float32Array.from(first.run.tensors.get('input0')!, (x) => x * 0.7),
    ]);
    assert.notDeepEqual(
      bytes(quantizeGraph(first.graph, other, options).network),
      bytes(first.network),
    );
  });

  test('inputs beyond the calibrated range count as the end of it', async () => {
    const { network } = await small();
    const { lo, bits, scale } = network.inputs[0]!;
    const far = Float32Array.from([1e6, -1e6, 1e6, -1e6, 1e6, -1e6]);
    const ends = far.map((x) => (x > 0 ? (lo + 2 ** bits - 1) * scale : lo * scale));
    const [beyond] = [...runSamples(network, [far], 1)];
    const [end] = [...runSamples(network, [ends], 1)];
    assert.deepEqual(beyond!.trace, end!.trace);
    assert.deepEqual([beyond!.clamped, end!.clamped], [6, 0]);
  });

  test('weight bits are those given, by node, and reported', async () => {
    const { graph } = await small();
    const [first, , second] = graph.nodes.map(({ name }) => name);
    const { report } = await small({ weightBits: new Map([[first!, 5]]) });
    assert.deepEqual(
      [...report.weightBits],
      [
        [first, 5],
        [second, 8],
      ],
    );
    const layer = report.layers.find(({ name }) => name === first)!;
    assert.equal(layer.weightBits, 5);
    assert.ok(layer.sqnr > 15 && layer.sqnr < 45, `${layer.sqnr} dB`);
  });

  test('the search meets its target with fewer bits than it would take to be safe', async () => {
    const { report } = await small({ weightBits: 'auto', changedShare: 0.05 });
    assert.equal(report.targetMet, true);
    assert.ok(report.outputs[0]!.expectedChangedShare! <= 0.05);
    const rows = report.trials.map((trial) => trial.rows);
    assert.ok(rows.at(-1)! <= rows.at(-2)!, `rows ${rows}`);
  });

  test('a layer without any input signal is quantised all the same', async () => {
    const sketch = new GraphSketch(9);
    const graph = sketch.graph(
      sketch.dense(sketch.clip(sketch.dense(sketch.input(4), 4), 0, 0), 3),
    );
    const run = await floatRun(graph, sketch.samples(CALIBRATED, 0, 0));
    const { network } = quantizeGraph(graph, run, { weightBits: 8 });
    assert.equal(network.outputs.length, 1);
  });
});

describe('what cannot be quantised is refused', () => {
  const drawn = async () => {
    const sketch = new GraphSketch(3);
    const graph = sketch.graph(sketch.dense(sketch.input(4), 3));
    const run = await floatRun(graph, sketch.samples(4));
    return { graph, run };
  };

  test('no calibration, an incomplete one, one of another shape, one with NaN', async () => {
    const { graph, run } = await drawn();
    const altered = (input: Float32Array): CalibrationRun => ({
      ...run,
      tensors: new Map(run.tensors).set('input0', input),
    });
    const input = run.tensors.get('input0')!;
    assert.doesNotThrow(() => quantizeGraph(graph, altered(input)));
    const refused: [CalibrationRun, string][] = [
      [{ samples: 0, tensors: run.tensors }, 'CIRCUITS_CALIBRATION_EMPTY'],
      [{ samples: 4, tensors: new Map([['input0', input]]) }, 'CIRCUITS_CALIBRATION_INCOMPLETE'],
      [altered(input.slice(1)), 'CIRCUITS_CALIBRATION_SHAPE'],
      [altered(input.with(5, Number.NaN)), 'CIRCUITS_CALIBRATION_NOT_FINITE'],
      [altered(input.with(5, Number.POSITIVE_INFINITY)), 'CIRCUITS_CALIBRATION_NOT_FINITE'],
    ];
    for (const [calibration, code] of refused) {
      assert.throws(() => quantizeGraph(graph, calibration), hasCode(code));
    }
  });

  test('weights that are no numbers', async () => {
    const { graph, run } = await drawn();
    const [node] = graph.nodes;
    assert.ok(node!.operation.kind === 'dense');
    const weights = node!.operation.weights.with(2, Number.NaN);
    const broken = { ...graph, nodes: [{ ...node!, operation: { ...node!.operation, weights } }] };
    assert.throws(() => quantizeGraph(broken, run), hasCode('CIRCUITS_WEIGHTS_NOT_FINITE'));
  });

  test('bits, shares and picture scales out of range', async () => {
    const { graph, run } = await drawn();
    const refused: QuantizeOptions[] = [
      { weightBits: 17 },
      { weightBits: 1 },
      { weightBits: new Map([['dense0', 4.5]]) },
      { activationBits: 20 },
      { changedShare: 0 },
      { image: { scale: 0, offset: 0 } },
      { image: { scale: 1, offset: Number.NaN } },
    ];
    for (const options of refused) {
      assert.throws(() => quantizeGraph(graph, run, options), hasCode('CIRCUITS_QUANTIZE_OPTION'));
    }
  });

  test('a softmax that is read on', async () => {
    const sketch = new GraphSketch(4);
    const softmax = sketch.add({ kind: 'softmax' }, [sketch.input(4)]);
    const graph = sketch.graph(sketch.dense(softmax, 2));
    const run = await floatRun(graph, sketch.samples(4));
    assert.throws(() => quantizeGraph(graph, run), hasCode('CIRCUITS_SOFTMAX_NOT_LAST'));
  });

  test('sums of more than 62 bits', async () => {
    const sketch = new GraphSketch(5);
    let tensor = sketch.input(12, 12, 1);
    for (let i = 0; i < 4; i++) {
      const padding = { top: 3, bottom: 3, left: 3, right: 3 };
      tensor = sketch.pool('averagePool2d', tensor, { size: 7, stride: 1, padding });
    }
    const graph = sketch.graph(tensor);
    const run = await floatRun(graph, sketch.samples(2));
    assert.throws(() => quantizeGraph(graph, run), hasCode('CIRCUITS_ACCUMULATOR_TOO_WIDE'));
  });
});

function hasCode(code: string) {
  return (error: unknown) => error instanceof InputError && error.code === code;
}
