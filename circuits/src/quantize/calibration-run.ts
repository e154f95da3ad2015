import { InputError } from '@zkinfer/core';
import type { FloatGraph } from '../graph/float-graph.ts';
import { elementCount } from '../graph/shape.ts';

/**
 * What the float model computed on a set of real inputs: what scales are chosen from and errors are
 * measured against.
 */
export interface CalibrationRun {
  readonly samples: number;
  /** Of every graph input and node, by name: samples × elements, sample after sample. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/**
 * Checks that a run belongs to a graph and holds real numbers.
 * @throws InputError CIRCUITS_CALIBRATION_EMPTY, CIRCUITS_CALIBRATION_INCOMPLETE,
 * CIRCUITS_CALIBRATION_SHAPE, CIRCUITS_CALIBRATION_NOT_FINITE.
 */
export function checkCalibration(graph: FloatGraph, run: CalibrationRun): void {
  if (!Number.isSafeInteger(run.samples) || run.samples < 1) {
    throw new InputError({
      code: 'CIRCUITS_CALIBRATION_EMPTY',
      what: 'there is nothing to calibrate on',
      got: `${run.samples} samples`,
      expected: 'at least one, better some hundreds',
    });
  }
  for (const { name, shape } of graph.inputs) checkTensor(run, name, shape);
  for (const { name, outputShape } of graph.nodes) checkTensor(run, name, outputShape);
}

function checkTensor(run: CalibrationRun, name: string, shape: readonly number[]): void {
  const values = run.tensors.get(name);
  if (values === undefined) {
    throw new InputError({
      code: 'CIRCUITS_CALIBRATION_INCOMPLETE',
      what: `the calibration run lacks tensor ${name}`,
    });
  }
  const expected = run.samples * elementCount(shape);
  if (values.length !== expected) {
    throw new InputError({
      code: 'CIRCUITS_CALIBRATION_SHAPE',
      what: `the calibration data of tensor ${name} does not have its shape`,
      got: `${values.length} elements`,
      expected: `${expected} for ${run.samples} samples of [${shape.join(', ')}]`,
    });
  }
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new InputError({
    code: 'CIRCUITS_CALIBRATION_NOT_FINITE',
    what: `tensor ${name} is not finite on calibration sample ${Math.floor((index * run.samples) / values.length)}`,
    got: `${values[index]}`,
    hint: 'Look for NaN or infinity in the calibration inputs and in the weights of the layers before it.',
  });
}
