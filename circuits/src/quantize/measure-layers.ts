import { runSamples } from '../evaluate/run-samples.ts';
import type { Network } from '../graph/network.ts';
import type { CalibrationRun } from './calibration-run.ts';
import { type OutputError, OutputMeter } from './measure-output.ts';
import type { PlannedNode, QuantizationPlan, RequantizeStep } from './quantization-plan.ts';

/** How far one tensor is from the float tensor that it stands for. */
export interface TensorError {
  readonly rmsError: number;
  readonly maxError: number;
  readonly rmsSignal: number;
  /**
   * Share of the float tensor's elements that lie beyond the tensor's clamp; 0 for tensors without
   * one.
   */
  readonly saturated: number;
}

/** Errors of a whole network on calibration samples. */
export interface NetworkError {
  /** By name, of every tensor of the network that stands for one of the float model. */
  readonly tensors: ReadonlyMap<string, TensorError>;
  readonly outputs: readonly OutputError[];
  /** Share of input elements that had to be clamped. */
  readonly clampedInputs: number;
}

/**
 * Compares every tensor of the network with the float model's on all samples of a calibration run.
 */
export function measureLayers(
  network: Network,
  plan: QuantizationPlan,
  run: CalibrationRun,
  progress: (done: number) => void,
): NetworkError {
  const inputs = network.inputs.map(({ name }) => run.tensors.get(name)!);
  const tensors = plan.nodes
    .filter(({ name, step }) => step.kind !== 'argmax' && network.tensors.has(name))
    .map((node) => new TensorMeter(network, node, run));
  const outputs = plan.outputs.map((output) => new OutputMeter(network, output, run));
  let clamped = 0;
  for (const sample of runSamples(network, inputs, run.samples)) {
    clamped += sample.clamped;
    for (const meter of tensors) meter.add(sample.index, sample.trace.get(meter.name)!);
    for (const meter of outputs) meter.add(sample.index, sample.trace.get(meter.tensor)!);
    progress(sample.index + 1);
  }
  return {
    tensors: new Map(tensors.map((meter) => [meter.name, meter.result()])),
    outputs: outputs.map((meter) => meter.result()),
    clampedInputs: clamped / inputs.reduce((sum, { length }) => sum + length, 0),
  };
}

class TensorMeter {
  readonly name: string;
  readonly #scale: number;
  readonly #expected: Float32Array;
  readonly #size: number;
  /** The float model's reals are taken within these: what lies outside is meant to be clamped. */
  readonly #domain: readonly [number, number];
  /** Reals beyond these are clamped by the network. */
  readonly #window: readonly [number, number];
  #elements = 0;
  #errorSquares = 0;
  #signalSquares = 0;
  #maxError = 0;
  #saturated = 0;

  constructor(network: Network, { name, float, step }: PlannedNode, run: CalibrationRun) {
    const operation = network.nodes.find((node) => node.name === name)!.operation;
    const scale = network.tensors.get(name)!.scale;
    this.name = name;
    this.#scale = scale;
    this.#expected = run.tensors.get(float)!;
    this.#size = this.#expected.length / run.samples;
    this.#domain = domainOf(step);
    this.#window =
      operation.kind === 'requantize'
        ? [(operation.lo - 0.5) * scale, (operation.hi + 0.5) * scale]
        : UNBOUNDED;
  }

  add(sample: number, integers: ArrayLike<number | bigint>): void {
    const [min, max] = this.#domain;
    const [lowest, highest] = this.#window;
    const first = sample * this.#size;
    for (let i = 0; i < this.#size; i++) {
      const expected = Math.min(Math.max(this.#expected[first + i]!, min), max);
      const error = Math.abs(Number(integers[i]) * this.#scale - expected);
      this.#errorSquares += error ** 2;
      this.#signalSquares += expected ** 2;
      if (error > this.#maxError) this.#maxError = error;
      if (expected < lowest || expected > highest) this.#saturated++;
    }
    this.#elements += this.#size;
  }

  result(): TensorError {
    return {
      rmsError: Math.sqrt(this.#errorSquares / this.#elements),
      maxError: this.#maxError,
      rmsSignal: Math.sqrt(this.#signalSquares / this.#elements),
      saturated: this.#saturated / this.#elements,
    };
  }
}

const UNBOUNDED = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

function domainOf(step: PlannedNode['step']): readonly [number, number] {
  if (step.kind !== 'requantize') return UNBOUNDED;
  const { min, max }: RequantizeStep = step;
  return [min, max];
}
