import type { FloatPool2d } from '../../graph/float-graph.ts';
import {
  type GraphTensor,
  type LayerCall,
  type LayerConverter,
  requireChannelsLast,
  soleInput,
} from '../layer-call.ts';
import { unsupportedOption } from '../layer-errors.ts';
import { slidingWindow } from '../sliding-window.ts';
import { extentOf, outputExtent } from './emit-conv2d.ts';

type PoolKind = FloatPool2d['kind'];

/** `MaxPooling2D` or `AveragePooling2D`; strides default to the window's size. */
export function poolConverter(kind: PoolKind): LayerConverter {
  return (call) => {
    requireChannelsLast(call);
    const size = call.config.pair('pool_size', [2, 2]);
    const strides = call.config.pair('strides', size);
    return emitPool(call, kind, soleInput(call, 3), size, strides);
  };
}

/**
 * `MaxPooling1D` or `AveragePooling1D`: the sequence [steps, channels] as an image of one column.
 */
export function sequencePoolConverter(kind: PoolKind): LayerConverter {
  return (call) => {
    requireChannelsLast(call);
    const [steps, channels] = soleInput(call, 2).shape as [number, number];
    const size = call.config.count('pool_size', 2);
    const strides = call.config.count('strides', size);
    const image = call.emit('image', { kind: 'reshape' }, call.inputs, [steps, 1, channels]);
    const pooled = emitPool(call, kind, image, [size, 1], [strides, 1]);
    return call.emit('sequence', { kind: 'reshape' }, [pooled], [pooled.shape[0]!, channels]);
  };
}

/** `GlobalMaxPooling2D` or `GlobalAveragePooling2D`: one window, the whole image. */
export function globalPoolConverter(kind: PoolKind): LayerConverter {
  return (call) => {
    refuseKeptAxes(call);
    const image = soleInput(call, 3);
    return flattened(call, emitPool(call, kind, image, extentOf(image), [1, 1]));
  };
}

/** `GlobalMaxPooling1D` or `GlobalAveragePooling1D`. */
export function globalSequencePoolConverter(kind: PoolKind): LayerConverter {
  return (call) => {
    refuseKeptAxes(call);
    const [steps, channels] = soleInput(call, 2).shape as [number, number];
    const image = call.emit('image', { kind: 'reshape' }, call.inputs, [steps, 1, channels]);
    return flattened(call, emitPool(call, kind, image, [steps, 1], [1, 1]));
  };
}

function emitPool(
  call: LayerCall,
  kind: PoolKind,
  image: GraphTensor,
  size: readonly [number, number],
  strides: readonly [number, number],
): GraphTensor {
  const window = slidingWindow(call, extentOf(image), { size, strides, dilations: [1, 1] });
  const shape = [...outputExtent(call, image, window), image.shape[2]!];
  return call.emit('', { kind, size, strides, padding: window.padding }, [image], shape);
}

function flattened(call: LayerCall, pooled: GraphTensor): GraphTensor {
  return call.emit('flat', { kind: 'reshape' }, [pooled], [pooled.shape[2]!]);
}

function refuseKeptAxes(call: LayerCall): void {
  requireChannelsLast(call);
  if (!call.config.flag('keepdims', false)) return;
  const hint = 'TF.js ignores it; use a Reshape layer.';
  throw unsupportedOption(call.layer, 'keepdims', true, 'false', hint);
}
