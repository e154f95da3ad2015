/** Models with seeded weights: the larger ones, and the ladders. */
import type { FloatGraph } from '@zkinfer/circuits';
import type { BenchModel } from './bench-model.ts';
import { SeededGraph, seededPictures } from './seeded-graph.ts';

const WEIGHTS_SEED = 1;
const PICTURES_SEED = 2;
const CALIBRATION_SAMPLES = 32;

const CLASSES = 10;
const CIFAR_SHAPE = [32, 32, 3];
const LADDER_INPUTS = 64;

/** A perceptron of 1.9 million weights that others have published figures of. */
export const WIDE_MLP: BenchModel = seededModel(
  { name: 'wide-mlp', title: '784-2000-60-4000-10 MLP', ladder: null, roughRows: 168_000 },
  () => perceptron('wide-mlp', 784, [2000, 60, 4000]),
);

/** Convolutions of 3×3 and maximum pooling on pictures as CIFAR-10 has them (after VGG). */
export const VGG_LIKE: BenchModel = seededModel(
  { name: 'vgg-like', title: 'VGG-like, CIFAR-shaped', ladder: null, roughRows: 226_000 },
  () => {
    const graph = new SeededGraph('vgg-like', CIFAR_SHAPE, WEIGHTS_SEED);
    const stage = (from: string, channels: number, convolutions: number) => {
      let tensor = from;
      for (let i = 0; i < convolutions; i++) {
        tensor = graph.relu(graph.convolution(tensor, { channels }));
      }
      return graph.maxPool(tensor, 2);
    };
    let tensor = stage(graph.input, 4, 1);
    tensor = stage(tensor, 8, 1);
    tensor = stage(tensor, 16, 2);
    tensor = graph.relu(graph.dense(graph.flatten(tensor), 128));
    return graph.build(graph.dense(tensor, CLASSES));
  },
);

/** Three stages of residual blocks on pictures as CIFAR-10 has them (after ResNet-20). */
export const RESIDUAL: BenchModel = seededModel(
  { name: 'residual', title: 'ResNet-like, CIFAR-shaped', ladder: null, roughRows: 142_000 },
  () => {
    const graph = new SeededGraph('residual', CIFAR_SHAPE, WEIGHTS_SEED);
    const block = (from: string, channels: number, stride: number) => {
      const first = graph.relu(graph.convolution(from, { channels, stride }));
      const second = graph.convolution(first, { channels });
      const shortcut = stride === 1 ? from : graph.convolution(from, { channels, stride, size: 1 });
      return graph.relu(graph.add(second, shortcut));
    };
    let tensor = graph.relu(graph.convolution(graph.input, { channels: 4, stride: 2 }));
    tensor = block(tensor, 4, 1);
    tensor = block(tensor, 8, 2);
    tensor = block(tensor, 16, 2);
    tensor = graph.flatten(graph.averagePool(tensor, 4));
    return graph.build(graph.dense(tensor, CLASSES));
  },
);

/** 2,048 ReLUs each, 36 thousand to 1.1 million parameters. */
export const PARAMETER_LADDER: readonly BenchModel[] = [
  [128, 16, 47_000],
  [32, 64, 53_000],
  [8, 256, 56_000],
  [2, 1024, 55_000],
].map(([layers, width, rows]) => rung('parameters', layers!, width!, rows!));

/** About 280 thousand parameters each, 1,280 to 8,480 ReLUs. */
export const ACTIVATION_LADDER: readonly BenchModel[] = [
  [5, 256, 35_000],
  [17, 128, 58_000],
  [67, 64, 108_000],
  [265, 32, 201_000],
].map(([layers, width, rows]) => rung('activations', layers!, width!, rows!));

function rung(
  ladder: 'parameters' | 'activations',
  layers: number,
  width: number,
  roughRows: number,
): BenchModel {
  const name = `${ladder}-${layers}x${width}`;
  const title = `${layers} layers of ${width}`;
  const hidden = new Array<number>(layers).fill(width);
  const about = { name, title, ladder, roughRows };
  return seededModel(about, () => perceptron(name, LADDER_INPUTS, hidden));
}

function perceptron(name: string, inputs: number, hidden: readonly number[]): FloatGraph {
  const graph = new SeededGraph(name, [inputs], WEIGHTS_SEED);
  const last = hidden.reduce((from, units) => graph.relu(graph.dense(from, units)), graph.input);
  return graph.build(graph.dense(last, CLASSES));
}

function seededModel(
  about: Pick<BenchModel, 'name' | 'title' | 'ladder' | 'roughRows'>,
  makeGraph: () => FloatGraph,
): BenchModel {
  return {
    ...about,
    weights: 'seeded',
    async load() {
      const graph = makeGraph();
      const elements = graph.inputs[0]!.shape.reduce((product, extent) => product * extent, 1);
      const calibration = seededPictures(CALIBRATION_SAMPLES, elements, PICTURES_SEED);
      const image = { scale: 1 / 255, offset: 0 };
      return { graph, calibration: [calibration], image, test: undefined };
    },
  };
}
