import { InputError } from '@zkinfer/core';
import { channelsOf } from '../../graph/shape.ts';
import { type GraphTensor, type LayerCall, reshaped, soleInput } from '../layer-call.ts';
import { layerLabel } from '../layer-errors.ts';

/**
 * Activations by their name without case and underscores; each appends its nodes, the last with the
 * suffix given.
 */
const ACTIVATIONS: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ['linear', (_call, tensor) => tensor],
  ['relu', (call, tensor, suffix) => clipped(call, tensor, suffix, 0, Infinity)],
  ['relu6', (call, tensor, suffix) => clipped(call, tensor, suffix, 0, 6)],
  ['sigmoid', (call, tensor, suffix) => pointwise(call, tensor, suffix, 'sigmoid')],
  ['tanh', (call, tensor, suffix) => pointwise(call, tensor, suffix, 'tanh')],
  ['softmax', (call, tensor, suffix) => pointwise(call, tensor, suffix, 'softmax')],
  ['hardsigmoid', hardSigmoid],
]);

type Activation = (call: LayerCall, tensor: GraphTensor, suffix: string) => GraphTensor;

/**
 * Appends the activation that the layer's setting `activation` names (none: linear).
 * @param suffix of the node: empty in a layer that is nothing else, by default the activation's
 * name
 * @throws InputError CIRCUITS_UNSUPPORTED_ACTIVATION
 */
export function appendActivation(
  call: LayerCall,
  tensor: GraphTensor,
  suffix?: string,
): GraphTensor {
  const given = call.config.raw('activation') ?? 'linear';
  const append = typeof given === 'string' && ACTIVATIONS.get(call.config.word('activation', ''));
  if (!append) {
    throw new InputError({
      code: 'CIRCUITS_UNSUPPORTED_ACTIVATION',
      what: `${layerLabel(call.layer)} has an unsupported activation`,
      got: JSON.stringify(given),
      expected: [...ACTIVATIONS.keys()].join(', '),
    });
  }
  return append(call, tensor, suffix ?? String(given));
}

/**
 * Appends the layer's activation and brings the tensor into another shape with the same last axis.
 * The activation comes first, next to what it activates, but for softmax, which must stay last.
 */
export function appendActivationAndShape(
  call: LayerCall,
  tensor: GraphTensor,
  suffix: string,
  shape: readonly number[],
): GraphTensor {
  if (call.config.raw('activation') === 'softmax') {
    return appendActivation(call, reshaped(call, suffix, tensor, shape));
  }
  return reshaped(call, suffix, appendActivation(call, tensor), shape);
}

/** The layer `Activation`. */
export function convertActivation(call: LayerCall): GraphTensor {
  return appendActivation(call, soleInput(call), '');
}

/** Appends min(max(x, min), max). */
export function clipped(
  call: LayerCall,
  tensor: GraphTensor,
  suffix: string,
  min: number,
  max: number,
): GraphTensor {
  return call.emit(suffix, { kind: 'clip', min, max }, [tensor], tensor.shape);
}

function pointwise(
  call: LayerCall,
  tensor: GraphTensor,
  suffix: string,
  kind: 'sigmoid' | 'tanh' | 'softmax',
): GraphTensor {
  return call.emit(suffix, { kind }, [tensor], tensor.shape);
}

/**
 * min(max(0.2 · x + 0.5, 0), 1), as in TF.js and Keras 2 (Keras 3 has another slope under the same
 * name).
 */
function hardSigmoid(call: LayerCall, tensor: GraphTensor, suffix: string): GraphTensor {
  const channels = channelsOf(tensor.shape);
  const scale = new Float32Array(channels).fill(0.2);
  const offset = new Float32Array(channels).fill(0.5);
  const line = call.emit('line', { kind: 'affine', scale, offset }, [tensor], tensor.shape);
  return clipped(call, line, suffix, 0, 1);
}
