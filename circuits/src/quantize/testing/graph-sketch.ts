import { type SeededRandom, seededRandom } from '@zkinfer/core/testing';
import { loadTensorflow } from '../../float/backend.ts';
import { runFloatGraph } from '../../float/run-float-graph.ts';
import type {
  FloatGraph,
  FloatInput,
  FloatNode,
  FloatOperation,
  Padding2d,
} from '../../graph/float-graph.ts';
import { elementCount, windowedSize } from '../../graph/shape.ts';
import type { CalibrationRun } from '../calibration-run.ts';

export const NO_PADDING: Padding2d = { top: 0, bottom: 0, left: 0, right: 0 };
export const PADDED: Padding2d = { top: 1, bottom: 1, left: 1, right: 1 };

interface ConvSketch {
  readonly size?: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly groups?: number;
  readonly padding?: Padding2d;
  /** Factor on weights of He's standard deviation. */
  readonly gain?: number;
}

interface PoolSketch {
  readonly size?: number;
  readonly stride?: number;
  readonly padding?: Padding2d;
}

/**
 * Draws small float graphs with random weights, operator by operator; every method returns its
 * tensor's name.
 */
export class GraphSketch {
  readonly random: SeededRandom;
  readonly #inputs: FloatInput[] = [];
  readonly #nodes: FloatNode[] = [];
  readonly #shapes = new Map<string, readonly number[]>();

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  input(...shape: number[]): string {
    const name = `input${this.#inputs.length}`;
    this.#inputs.push({ name, shape });
    this.#shapes.set(name, shape);
    return name;
  }

  dense(input: string, units: number, gain = 1): string {
    const fanIn = elementCount(this.#shapes.get(input)!);
    const weights = this.#weights(fanIn * units, gain * Math.sqrt(2 / fanIn));
    const operation = { kind: 'dense', units, weights, bias: this.#weights(units, 0.1) } as const;
    return this.add(operation, [input], [units]);
  }

  conv(input: string, outputChannels: number, sketch: ConvSketch = {}): string {
    const { size = 3, stride = 1, dilation = 1, groups = 1, padding = NO_PADDING } = sketch;
    const [rows, columns, channels] = this.#shapes.get(input)! as [number, number, number];
    const fanIn = size * size * (channels / groups);
    const operation = {
      kind: 'conv2d',
      size: [size, size],
      strides: [stride, stride],
      dilations: [dilation, dilation],
      padding,
      groups,
      outputChannels,
      kernel: this.#weights(fanIn * outputChannels, (sketch.gain ?? 1) * Math.sqrt(2 / fanIn)),
      bias: this.#weights(outputChannels, 0.1),
    } as const;
    const shape = windowedSize([rows, columns], operation, operation.dilations);
    return this.add(operation, [input], [...shape, outputChannels]);
  }

  pool(kind: 'maxPool2d' | 'averagePool2d', input: string, sketch: PoolSketch = {}): string {
    const { size = 2, stride = 2, padding = NO_PADDING } = sketch;
    const [rows, columns, channels] = this.#shapes.get(input)! as [number, number, number];
    const operation = { kind, size: [size, size], strides: [stride, stride], padding } as const;
    return this.add(operation, [input], [...windowedSize([rows, columns], operation), channels]);
  }

  affine(input: string): string {
    const channels = this.#shapes.get(input)!.at(-1)!;
    const scale = this.#weights(channels, 1);
    return this.add({ kind: 'affine', scale, offset: this.#weights(channels, 0.5) }, [input]);
  }

  relu(input: string): string {
    return this.clip(input, 0, Number.POSITIVE_INFINITY);
  }

  clip(input: string, min: number, max: number): string {
    return this.add({ kind: 'clip', min, max }, [input]);
  }

  flatten(input: string): string {
    return this.add({ kind: 'reshape' }, [input], [elementCount(this.#shapes.get(input)!)]);
  }

  concat(...inputs: string[]): string {
    const shapes = inputs.map((input) => this.#shapes.get(input)!);
    const axis = shapes[0]!.length - 1;
    const channels = shapes.reduce((sum, shape) => sum + shape[axis]!, 0);
    return this.add({ kind: 'concat', axis }, inputs, [...shapes[0]!.slice(0, axis), channels]);
  }

  /** Any operator; of the first input's shape unless told. */
  add(operation: FloatOperation, inputs: string[], outputShape?: readonly number[]): string {
    const name = `${operation.kind}${this.#nodes.length}`;
    const shape = outputShape ?? this.#shapes.get(inputs[0]!)!;
    this.#nodes.push({ name, layer: name, operation, inputs, outputShape: shape });
    this.#shapes.set(name, shape);
    return name;
  }

  graph(...outputs: string[]): FloatGraph {
    return { name: 'sketch', inputs: this.#inputs, nodes: this.#nodes, outputs };
  }

  /** Samples of every input, uniform in [lowest, highest). */
  samples(count: number, lowest = -1, highest = 1): Float32Array[] {
    return this.#inputs.map(({ shape }) =>
      Float32Array.from({ length: count * elementCount(shape) }, () =>
        this.random.float(lowest, highest),
      ),
    );
  }

  #weights(count: number, deviation: number): Float32Array {
    const spread = deviation * Math.sqrt(3);
    return Float32Array.from({ length: count }, () => this.random.float(-spread, spread));
  }
}

/** What the float graph computes on some samples: all tensors. */
export async function floatRun(
  graph: FloatGraph,
  inputs: readonly Float32Array[],
): Promise<CalibrationRun> {
  const { tf } = await loadTensorflow('cpu');
  const names = [...graph.inputs, ...graph.nodes].map(({ name }) => name);
  const tensors = await runFloatGraph(tf, graph, inputs, { tensors: names });
  const samples = inputs[0]!.length / elementCount(graph.inputs[0]!.shape);
  return { samples, tensors };
}
