import { windowedSize } from '../../graph/shape.ts';
import type { GraphTensor, LayerCall } from '../layer-call.ts';
import { shapeError } from '../layer-errors.ts';
import { type DilatedWindow, slidingWindow, type WindowSettings } from '../sliding-window.ts';

/** A convolution without its padding: kernel [rows, columns, inputs / groups, outputs]. */
export interface Convolution extends WindowSettings {
  readonly groups: number;
  readonly outputChannels: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Appends a convolution of an image [rows, columns, channels]. */
export function emitConv2d(
  call: LayerCall,
  suffix: string,
  image: GraphTensor,
  convolution: Convolution,
): GraphTensor {
  const window = slidingWindow(call, extentOf(image), convolution);
  const size = outputExtent(call, image, window);
  const operation = { kind: 'conv2d', ...convolution, ...window } as const;
  return call.emit(suffix, operation, [image], [...size, convolution.outputChannels]);
}

/** The layer's `bias` of that many channels; zeros where the layer has none. */
export function biasOf(call: LayerCall, channels: number): Float32Array {
  return call.config.flag('use_bias', true)
    ? call.weight('bias', [channels])
    : new Float32Array(channels);
}

/** [rows, columns] of an image [rows, columns, channels]. */
export function extentOf(image: GraphTensor): [number, number] {
  return [image.shape[0]!, image.shape[1]!];
}

/**
 * [rows, columns] that the window makes of the image.
 * @throws InputError CIRCUITS_MODEL_SHAPE if the window is larger than the image
 */
export function outputExtent(
  call: LayerCall,
  image: GraphTensor,
  window: DilatedWindow,
): [number, number] {
  const size = windowedSize(extentOf(image), window, window.dilations);
  if (size[0] > 0 && size[1] > 0) return size;
  throw shapeError(call.layer, `[${image.shape}]`, `an image of at least ${window.size.join('×')}`);
}
