import { type GraphTensor, type LayerCall, requireChannelsLast, soleInput } from '../layer-call.ts';
import { unsupportedOption } from '../layer-errors.ts';
import { appendActivation } from './activation.ts';
import { biasOf, type Convolution, emitConv2d } from './emit-conv2d.ts';

/**
 * `DepthwiseConv2D`: a convolution with as many groups as channels. Dilation is refused: TF.js
 * ignores it here without a word (`call` in tfjs-layers, layers/convolutional_depthwise.ts).
 */
export function convertDepthwiseConv2d(call: LayerCall): GraphTensor {
  requireChannelsLast(call);
  const image = soleInput(call, 3);
  const convolution = depthwise(call, image);
  if (Math.max(...convolution.dilations) > 1) {
    const hint = 'TF.js ignores it; use SeparableConv2D or Conv2D.';
    throw unsupportedOption(call.layer, 'dilation_rate', convolution.dilations, '1', hint);
  }
  const bias = biasOf(call, convolution.outputChannels);
  return appendActivation(call, emitConv2d(call, '', image, { ...convolution, bias }));
}

/**
 * The depthwise convolution that the layer's settings describe, with a bias of zeros. Its weight
 * [rows, columns, channels, multiplier] is the grouped kernel [rows, columns, 1, channels ·
 * multiplier] element for element.
 */
export function depthwise(call: LayerCall, image: GraphTensor): Convolution {
  const { config } = call;
  const channels = image.shape[2]!;
  const multiplier = config.count('depth_multiplier', 1);
  const size = config.pair('kernel_size');
  return {
    size,
    strides: config.pair('strides', [1, 1]),
    dilations: config.pair('dilation_rate', [1, 1]),
    groups: channels,
    outputChannels: channels * multiplier,
    kernel: call.weight('depthwise_kernel', [...size, channels, multiplier]),
    bias: new Float32Array(channels * multiplier),
  };
}
