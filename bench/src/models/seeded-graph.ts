/**
 * Float graphs with seeded weights: what a proof costs does not depend on what a network has learnt,
 * and training some of them would take days. Weights are drawn as He et al. (2015) do for ReLUs, so
 * that activations keep their size from layer to layer and the calibrated ranges are real ones.
 */
import type { FloatGraph, FloatNode, FloatOperation } from '@zkinfer/circuits';
import { type SeededRandom, seededRandom } from '@zkinfer/core/testing';

/** A convolution: odd square kernels, zero padding that keeps the size at stride 1. */
export interface ConvolutionShape {
  readonly channels: number;
  readonly size?: number;
  readonly stride?: number;
}

const NO_PADDING = { top: 0, bottom: 0, left: 0, right: 0 };

/** A graph under construction; methods add a node and give its name. */
export class SeededGraph {
  readonly input = 'input';
  readonly #name: string;
  readonly #random: SeededRandom;
  readonly #shapes: Map<string, readonly number[]>;
  readonly #nodes: FloatNode[] = [];

  /** @param shape of the one input, without batch */
  constructor(name: string, shape: readonly number[], seed: number) {
    this.#name = name;
    this.#random = seededRandom(seed);
    this.#shapes = new Map([[this.input, shape]]);
  }

  convolution(from: string, { channels, size = 3, stride = 1 }: ConvolutionShape): string {
    const [rows, columns, inputs] = this.#imageShape(from);
    const fanIn = size * size * inputs;
    const before = (size - 1) >> 1;
    const padding = { top: before, bottom: before, left: before, right: before };
    const extent = (length: number) => Math.floor((length + 2 * before - size) / stride) + 1;
    const operation: FloatOperation = {
      kind: 'conv2d',
      size: [size, size],
      strides: [stride, stride],
      padding,
      dilations: [1, 1],
      groups: 1,
      outputChannels: channels,
      kernel: this.#weights(fanIn * channels, fanIn),
      bias: new Float32Array(channels),
    };
    return this.#add('conv', operation, [from], [extent(rows), extent(columns), channels]);
  }

  dense(from: string, units: number): string {
    const [inputs] = this.#shapes.get(from)!;
    const weights = this.#weights(inputs! * units, inputs!);
    const operation: FloatOperation = {
      kind: 'dense',
      units,
      weights,
      bias: new Float32Array(units),
    };
    return this.#add('dense', operation, [from], [units]);
  }

  relu(from: string): string {
    const clip = { kind: 'clip', min: 0, max: Number.POSITIVE_INFINITY } as const;
    return this.#add('relu', clip, [from], this.#shapes.get(from)!);
  }

  /** Disjoint square windows. */
  maxPool(from: string, size: number): string {
    return this.#pool('maxPool2d', from, size);
  }

  /** Disjoint square windows. */
  averagePool(from: string, size: number): string {
    return this.#pool('averagePool2d', from, size);
  }

  /** The sum of two tensors of one shape. */
  add(a: string, b: string): string {
    return this.#add('add', { kind: 'add' }, [a, b], this.#shapes.get(a)!);
  }

  flatten(from: string): string {
    const length = this.#shapes.get(from)!.reduce((product, extent) => product * extent, 1);
    return this.#add('flatten', { kind: 'reshape' }, [from], [length]);
  }

  build(output: string): FloatGraph {
    return {
      name: this.#name,
      inputs: [{ name: this.input, shape: this.#shapes.get(this.input)! }],
      nodes: this.#nodes,
      outputs: [output],
    };
  }

  #pool(kind: 'maxPool2d' | 'averagePool2d', from: string, size: number): string {
    const [rows, columns, channels] = this.#imageShape(from);
    const window: readonly [number, number] = [size, size];
    const operation = { kind, size: window, strides: window, padding: NO_PADDING };
    return this.#add('pool', operation, [from], [rows / size, columns / size, channels]);
  }

  #imageShape(name: string): [rows: number, columns: number, channels: number] {
    const [rows, columns, channels] = this.#shapes.get(name)!;
    return [rows!, columns!, channels!];
  }

  /** Uniform with the variance 2 / fanIn. */
  #weights(length: number, fanIn: number): Float32Array {
    const limit = Math.sqrt(6 / fanIn);
    return Float32Array.from({ length }, () => this.#random.float(-limit, limit));
  }

  #add(
    kind: string,
    operation: FloatOperation,
    inputs: readonly string[],
    outputShape: readonly number[],
  ): string {
    const name = `${kind}${this.#nodes.length}`;
    this.#nodes.push({ name, layer: name, operation, inputs, outputShape });
    this.#shapes.set(name, outputShape);
    return name;
  }
}

/** Reals in [0, 1], as pictures have them. @param seed another one than the weights' */
export function seededPictures(samples: number, elements: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: samples * elements }, () => random.int(0, 255) / 255);
}
