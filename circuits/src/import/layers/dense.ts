import { elementCount } from '../../graph/shape.ts';
import { type GraphTensor, type LayerCall, reshaped, soleInput } from '../layer-call.ts';
import { appendActivation, appendActivationAndShape } from './activation.ts';
import { biasOf, emitConv2d } from './emit-conv2d.ts';

/**
 * `Dense`. On more than one axis it works on the last: a convolution with a kernel of one element.
 */
export function convertDense(call: LayerCall): GraphTensor {
  const input = soleInput(call);
  const size = input.shape.at(-1) ?? 1;
  const units = call.config.count('units');
  const weights = call.weight('kernel', [size, units]);
  const bias = biasOf(call, units);
  if (input.shape.length === 1) {
    const output = call.emit('', { kind: 'dense', units, weights, bias }, [input], [units]);
    return appendActivation(call, output);
  }
  const places = elementCount(input.shape) / size;
  const image = input.shape.length === 3 ? input.shape : [places, 1, size];
  const output = emitConv2d(call, '', reshaped(call, 'image', input, image), {
    size: [1, 1],
    strides: [1, 1],
    dilations: [1, 1],
    groups: 1,
    outputChannels: units,
    kernel: weights,
    bias,
  });
  const shape = [...input.shape.slice(0, -1), units];
  return appendActivationAndShape(call, output, 'shape', shape);
}
