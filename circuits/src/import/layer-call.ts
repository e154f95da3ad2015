import type { FloatOperation } from '../graph/float-graph.ts';
import type { LayerConfig } from './layer-config.ts';
import { type LayerIdentity, shapeError, unsupportedOption } from './layer-errors.ts';

/** A tensor of the graph being built; shape without batch. */
export interface GraphTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** One use of a layer: a shared layer has several. */
export interface LayerCall {
  readonly layer: LayerIdentity;
  readonly config: LayerConfig;
  readonly inputs: readonly GraphTensor[];
  /** The layer's weight of that name, checked against the shape. */
  weight(name: string, shape: readonly number[]): Float32Array;
  /**
   * Appends a node and returns its output. Its name is the layer's, and `suffix` behind a slash
   * where it is not empty: the node that carries the layer's meaning has none.
   */
  emit(
    suffix: string,
    operation: FloatOperation,
    inputs: readonly GraphTensor[],
    outputShape: readonly number[],
  ): GraphTensor;
}

/** Appends the nodes of one call of a layer and returns the tensor that it yields. */
export type LayerConverter = (call: LayerCall) => GraphTensor;

/**
 * The input of a layer that takes one tensor.
 * @throws InputError CIRCUITS_MODEL_SHAPE if there are others, or it has not `rank` axes
 */
export function soleInput(call: LayerCall, rank?: number): GraphTensor {
  const [input, ...others] = call.inputs;
  if (input === undefined || others.length > 0) {
    throw shapeError(call.layer, `${call.inputs.length} inputs`, 'one input');
  }
  if (rank !== undefined && input.shape.length !== rank) {
    throw shapeError(call.layer, `[${input.shape}]`, `${rank} axes without the batch`);
  }
  return input;
}

/**
 * @throws InputError CIRCUITS_UNSUPPORTED_OPTION if the layer keeps channels anywhere but on the
 * last axis.
 */
export function requireChannelsLast({ layer, config }: LayerCall): void {
  if (config.word('data_format', 'channelsLast') === 'channelslast') return;
  throw unsupportedOption(
    layer,
    'data_format',
    config.raw('data_format'),
    'channels_last',
    'Images are [height, width, channels] here; rebuild the model with channels last.',
  );
}

/** A tensor with the same elements in another shape; the tensor itself if the shape is its own. */
export function reshaped(
  call: LayerCall,
  suffix: string,
  tensor: GraphTensor,
  shape: readonly number[],
): GraphTensor {
  if (shape.join() === tensor.shape.join()) return tensor;
  return call.emit(suffix, { kind: 'reshape' }, [tensor], shape);
}
