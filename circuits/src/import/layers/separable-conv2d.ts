import { type GraphTensor, type LayerCall, requireChannelsLast, soleInput } from '../layer-call.ts';
import { appendActivation } from './activation.ts';
import { depthwise } from './depthwise-conv2d.ts';
import { biasOf, emitConv2d } from './emit-conv2d.ts';

/** `SeparableConv2D`: a depthwise convolution, then one with a kernel of one element. */
export function convertSeparableConv2d(call: LayerCall): GraphTensor {
  requireChannelsLast(call);
  const image = soleInput(call, 3);
  const filters = call.config.count('filters');
  const spread = emitConv2d(call, 'depthwise', image, depthwise(call, image));
  const output = emitConv2d(call, '', spread, {
    size: [1, 1],
    strides: [1, 1],
    dilations: [1, 1],
    groups: 1,
    outputChannels: filters,
    kernel: call.weight('pointwise_kernel', [1, 1, spread.shape[2]!, filters]),
    bias: biasOf(call, filters),
  });
  return appendActivation(call, output);
}
