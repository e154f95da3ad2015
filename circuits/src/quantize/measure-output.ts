import { classScores } from '../evaluate/decision.ts';
import { runSamples } from '../evaluate/run-samples.ts';
import { argmax } from '../graph/argmax.ts';
import type { Network } from '../graph/network.ts';
import type { CalibrationRun } from './calibration-run.ts';
import type { PlannedOutput } from './quantization-plan.ts';

/** How far an output's scores are from the float model's. */
export interface OutputError {
  readonly samples: number;
  /** Samples whose class changed; 0 for outputs that decide nothing. */
  readonly changed: number;
  /** Root mean square of integer minus float scores, as reals. */
  readonly rmsError: number;
  /** Of the float scores. */
  readonly rmsSignal: number;
  /**
   * Root mean square error of the difference between the score of the float model's class and
   * another one's; of the scores themselves for outputs that decide nothing.
   */
  readonly deviation: number;
}

/** Measures all outputs of a network on the first samples of a calibration run. */
export function measureOutputs(
  network: Network,
  outputs: readonly PlannedOutput[],
  run: CalibrationRun,
  samples: number,
): OutputError[] {
  const inputs = network.inputs.map(({ name }) => run.tensors.get(name)!);
  const meters = outputs.map((output) => new OutputMeter(network, output, run));
  for (const { index, trace } of runSamples(network, inputs, samples)) {
    for (const meter of meters) meter.add(index, trace.get(meter.tensor)!);
  }
  return meters.map((meter) => meter.result());
}

/** Adds up one output's errors. */
export class OutputMeter {
  readonly tensor: string;
  readonly #output: PlannedOutput;
  readonly #scale: number;
  readonly #scores: Float32Array;
  readonly #size: number;
  #samples = 0;
  #changed = 0;
  #differences = 0;
  #errorSquares = 0;
  #signalSquares = 0;
  #differenceSquares = 0;

  constructor(network: Network, output: PlannedOutput, run: CalibrationRun) {
    this.tensor = output.scores;
    this.#output = output;
    this.#scale = network.tensors.get(output.scores)!.scale;
    this.#scores = run.tensors.get(output.scores)!;
    this.#size = this.#scores.length / run.samples;
  }

  add(sample: number, integers: ArrayLike<number | bigint>): void {
    const expected = this.#scores.subarray(sample * this.#size, (sample + 1) * this.#size);
    const actual = Float64Array.from(expected, (_, i) => Number(integers[i]) * this.#scale);
    this.#samples++;
    for (let i = 0; i < actual.length; i++) {
      this.#errorSquares += (actual[i]! - expected[i]!) ** 2;
      this.#signalSquares += expected[i]! ** 2;
    }
    const { decision } = this.#output;
    if (decision !== undefined) {
      this.#addDecision(classScores(decision, expected), classScores(decision, actual));
    }
  }

  #addDecision(expected: ArrayLike<number>, actual: ArrayLike<number>): void {
    const best = argmax(expected);
    if (argmax(actual) !== best) this.#changed++;
    const error = (c: number) => actual[c]! - expected[c]!;
    for (let c = 0; c < expected.length; c++) {
      if (c === best) continue;
      this.#differences++;
      this.#differenceSquares += (error(best) - error(c)) ** 2;
    }
  }

  result(): OutputError {
    const elements = this.#samples * this.#size;
    const rmsError = Math.sqrt(this.#errorSquares / elements);
    return {
      samples: this.#samples,
      changed: this.#changed,
      rmsError,
      rmsSignal: Math.sqrt(this.#signalSquares / elements),
      deviation:
        this.#differences === 0 ? rmsError : Math.sqrt(this.#differenceSquares / this.#differences),
    };
  }
}
