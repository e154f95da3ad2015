import { type GraphTensor, type LayerCall, requireChannelsLast, soleInput } from '../layer-call.ts';
import { unsupportedOption } from '../layer-errors.ts';
import { appendActivationAndShape } from './activation.ts';
import { biasOf, emitConv2d } from './emit-conv2d.ts';

/** `Conv1D`: a convolution of the sequence [steps, channels] as an image of one column. */
export function convertConv1d(call: LayerCall): GraphTensor {
  requireChannelsLast(call);
  const [steps, channels] = soleInput(call, 2).shape as [number, number];
  const { config } = call;
  const groups = config.count('groups', 1);
  if (groups !== 1) throw unsupportedOption(call.layer, 'groups', groups, '1');
  const filters = config.count('filters');
  const length = config.count('kernel_size');
  const image = call.emit('image', { kind: 'reshape' }, call.inputs, [steps, 1, channels]);
  const output = emitConv2d(call, '', image, {
    size: [length, 1],
    strides: [config.count('strides', 1), 1],
    dilations: [config.count('dilation_rate', 1), 1],
    groups: 1,
    outputChannels: filters,
    kernel: call.weight('kernel', [length, channels, filters]),
    bias: biasOf(call, filters),
  });
  return appendActivationAndShape(call, output, 'sequence', [output.shape[0]!, filters]);
}
