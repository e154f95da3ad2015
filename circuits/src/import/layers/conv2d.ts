import { type GraphTensor, type LayerCall, requireChannelsLast, soleInput } from '../layer-call.ts';
import { shapeError } from '../layer-errors.ts';
import { appendActivation } from './activation.ts';
import { biasOf, emitConv2d } from './emit-conv2d.ts';

/** `Conv2D`, with Keras's `groups` (which TF.js itself does not know). */
export function convertConv2d(call: LayerCall): GraphTensor {
  requireChannelsLast(call);
  const image = soleInput(call, 3);
  const { config } = call;
  const channels = image.shape[2]!;
  const groups = config.count('groups', 1);
  const outputChannels = config.count('filters');
  if (channels % groups !== 0 || outputChannels % groups !== 0) {
    const got = `${channels} channels to ${outputChannels}`;
    throw shapeError(call.layer, got, `multiples of ${groups} groups`);
  }
  const size = config.pair('kernel_size');
  const output = emitConv2d(call, '', image, {
    size,
    strides: config.pair('strides', [1, 1]),
    dilations: config.pair('dilation_rate', [1, 1]),
    groups,
    outputChannels,
    kernel: call.weight('kernel', [...size, channels / groups, outputChannels]),
    bias: biasOf(call, outputChannels),
  });
  return appendActivation(call, output);
}
