import { InputError, type Progress, SILENT_PROGRESS } from '@zkinfer/core';
import type { Network } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import { decide } from './decision.ts';
import { classReader } from './network-classes.ts';
import { runSamples } from './run-samples.ts';

/** A test set with what the float model makes of it. */
export interface EvaluationData {
  readonly samples: number;
  /** For each input of the network, in its order, the samples one after the other, as reals. */
  readonly inputs: readonly Float32Array[];
  /** What the float model gives for the output evaluated, samples × elements. */
  readonly floatOutputs: Float32Array;
  /** The true class of each sample. */
  readonly labels?: ArrayLike<number>;
}

export interface EvaluateOptions {
  /** Which output of the network, 0 by default. */
  readonly output?: number;
  /** For a float output of one element: above it class 1 is predicted; 0.5 by default. */
  readonly floatThreshold?: number;
  readonly progress?: Progress;
}

/** Predictions that went from one class to another. */
export interface PredictionChange {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** The integer network beside the float model. */
export interface EvaluationReport {
  readonly samples: number;
  /** Samples with another prediction, and their share. */
  readonly changed: number;
  readonly changedShare: number;
  /** Indices of these samples, ascending. */
  readonly changedSamples: readonly number[];
  /** By class of the float model and of the integer network, most frequent first. */
  readonly changes: readonly PredictionChange[];
  /** Shares of right predictions; absent without labels. */
  readonly floatAccuracy?: number;
  readonly integerAccuracy?: number;
  /** Samples with input elements outside the network's range, which were clamped. */
  readonly clampedSamples: number;
}

/**
 * Runs the integer network on a test set and compares its predictions with the float model's and
 * with the labels.
 * @throws InputError CIRCUITS_EVALUATION_EMPTY, CIRCUITS_EVALUATION_SHAPE,
 * CIRCUITS_EVALUATION_LABELS, CIRCUITS_NO_CLASSES, CORE_INPUT_NOT_FINITE.
 */
export function evaluateNetwork(
  network: Network,
  data: EvaluationData,
  { output = 0, floatThreshold = 0.5, progress = SILENT_PROGRESS }: EvaluateOptions = {},
): EvaluationReport {
  checkSizes(network, data);
  const { samples, inputs, floatOutputs, labels } = data;
  const reader = classReader(network, network.outputs[output]!);
  const size = floatOutputs.length / samples;
  checkClasses(reader.classes, size, data);
  const decision =
    size === 1
      ? ({ kind: 'above', threshold: floatThreshold } as const)
      : ({ kind: 'largest' } as const);
  const tally = new Tally();
  progress.stage('evaluating', samples);
  for (const { index, trace, clamped } of runSamples(network, inputs, samples)) {
    const expected = decide(decision, floatOutputs.subarray(index * size, (index + 1) * size));
    tally.add(index, expected, reader.classOf(trace), labels?.[index]);
    if (clamped > 0) tally.clampedSamples++;
    progress.advance(index + 1);
  }
  return tally.report(samples, labels !== undefined);
}

class Tally {
  clampedSamples = 0;
  readonly #changedSamples: number[] = [];
  readonly #changes = new Map<string, { from: number; to: number; count: number }>();
  #floatRight = 0;
  #integerRight = 0;

  add(index: number, from: number, to: number, label: number | undefined): void {
    if (from === label) this.#floatRight++;
    if (to === label) this.#integerRight++;
    if (from === to) return;
    this.#changedSamples.push(index);
    const change = this.#changes.get(`${from}/${to}`) ?? { from, to, count: 0 };
    change.count++;
    this.#changes.set(`${from}/${to}`, change);
  }

  report(samples: number, labelled: boolean): EvaluationReport {
    const changed = this.#changedSamples.length;
    const accuracies = {
      floatAccuracy: this.#floatRight / samples,
      integerAccuracy: this.#integerRight / samples,
    };
    return {
      samples,
      changed,
      changedShare: changed / samples,
      changedSamples: this.#changedSamples,
      changes: [...this.#changes.values()].sort((a, b) => b.count - a.count),
      ...(labelled ? accuracies : {}),
      clampedSamples: this.clampedSamples,
    };
  }
}

function checkSizes(network: Network, { samples, inputs, floatOutputs }: EvaluationData): void {
  if (!Number.isSafeInteger(samples) || samples < 1) {
    throw new InputError({
      code: 'CIRCUITS_EVALUATION_EMPTY',
      what: 'there is nothing to evaluate on',
      got: `${samples} samples`,
    });
  }
  const expected = network.inputs.map(({ shape }) => samples * elementCount(shape));
  const fit = expected.every((length, i) => inputs[i]?.length === length);
  if (fit && inputs.length === expected.length && floatOutputs.length % samples === 0) return;
  throw new InputError({
    code: 'CIRCUITS_EVALUATION_SHAPE',
    what: `the test set does not fit ${network.name}`,
    got: `inputs of ${inputs.map(({ length }) => length).join(', ')} elements, ${floatOutputs.length} float outputs`,
    expected: `inputs of ${expected.join(', ')} elements for ${samples} samples`,
  });
}

/** The float output has one element for each class, or a single one for two. */
function checkClasses(classes: number, size: number, { samples, labels }: EvaluationData): void {
  if (classes !== Math.max(size, 2)) {
    throw new InputError({
      code: 'CIRCUITS_EVALUATION_SHAPE',
      what: 'float model and integer network tell different numbers of classes apart',
      got: `${size} float outputs`,
      expected: `${classes} classes`,
    });
  }
  if (labels === undefined) return;
  const index = Array.from(labels).findIndex(
    (label) => !Number.isInteger(label) || label < 0 || label >= classes,
  );
  if (index < 0 && labels.length === samples) return;
  throw new InputError({
    code: 'CIRCUITS_EVALUATION_LABELS',
    what: 'the labels do not fit the test set',
    got: index < 0 ? `${labels.length} labels` : `label ${labels[index]} of sample ${index}`,
    expected: `${samples} integers in [0, ${classes - 1}]`,
  });
}
