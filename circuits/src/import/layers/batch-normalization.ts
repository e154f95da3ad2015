import { InputError } from '@zkinfer/core';
import { channelsOf } from '../../graph/shape.ts';
import { type GraphTensor, type LayerCall, soleInput } from '../layer-call.ts';
import { layerLabel, unsupportedOption } from '../layer-errors.ts';

/** Keras's and TF.js's default of `epsilon`. */
const DEFAULT_EPSILON = 1e-3;

/**
 * `BatchNormalization` at inference: γ · (x − mean) / √(variance + ε) + β as scale · x + offset,
 * computed in doubles. Source: Ioffe and Szegedy, "Batch Normalization", 2015, algorithm 2.
 */
export function convertBatchNormalization(call: LayerCall): GraphTensor {
  const input = soleInput(call);
  requireLastAxis(call, input);
  const channels = channelsOf(input.shape);
  const shape = [channels];
  const { config } = call;
  const gamma = config.flag('scale', true)
    ? call.weight('gamma', shape)
    : new Float32Array(channels).fill(1);
  const beta = config.flag('center', true)
    ? call.weight('beta', shape)
    : new Float32Array(channels);
  const mean = call.weight('moving_mean', shape);
  const deviation = deviations(call, call.weight('moving_variance', shape));
  const scale = Float32Array.from(gamma, (value, c) => value / deviation[c]!);
  const offset = Float32Array.from(
    beta,
    (value, c) => value - (mean[c]! * gamma[c]!) / deviation[c]!,
  );
  return call.emit('', { kind: 'affine', scale, offset }, [input], input.shape);
}

function deviations(call: LayerCall, variance: Float32Array): Float64Array {
  const epsilon = call.config.number('epsilon', DEFAULT_EPSILON);
  return Float64Array.from(variance, (value, c) => {
    if (value + epsilon > 0) return Math.sqrt(value + epsilon);
    throw new InputError({
      code: 'CIRCUITS_MODEL_WEIGHT_RANGE',
      what: `${layerLabel(call.layer)} has a moving variance that is no variance`,
      got: `${value} in channel ${c}`,
      expected: `more than −epsilon (${epsilon})`,
    });
  });
}

/** The axis counts the batch, may be negative, and stands in a list in files of newer Keras. */
function requireLastAxis(call: LayerCall, input: GraphTensor): void {
  const given = call.config.raw('axis') ?? -1;
  const axis = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (axis === -1 || axis === input.shape.length) return;
  throw unsupportedOption(call.layer, 'axis', given, `the last axis, ${input.shape.length} or -1`);
}
