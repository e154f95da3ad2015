import { elementCount } from '../../graph/shape.ts';
import { type GraphTensor, type LayerCall, requireChannelsLast, soleInput } from '../layer-call.ts';
import { invalidConfig, shapeError } from '../layer-errors.ts';

/** `Flatten`. */
export function convertFlatten(call: LayerCall): GraphTensor {
  requireChannelsLast(call);
  const input = soleInput(call);
  return call.emit('', { kind: 'reshape' }, [input], [elementCount(input.shape)]);
}

/** `Reshape`; one −1 (TF.js saves it as null) in the target stands for whatever is left. */
export function convertReshape(call: LayerCall): GraphTensor {
  const input = soleInput(call);
  const target = targetOf(call);
  const known = elementCount(target.filter((extent) => extent !== OPEN));
  const left = elementCount(input.shape) / known;
  const shape = target.map((extent) => (extent === OPEN ? left : extent));
  if (!shape.every(Number.isInteger) || elementCount(shape) !== elementCount(input.shape)) {
    throw shapeError(call.layer, `[${input.shape}]`, `as many elements as [${target}]`);
  }
  return call.emit('', { kind: 'reshape' }, [input], shape);
}

const OPEN = -1;

function targetOf({ layer, config }: LayerCall): number[] {
  const given = config.raw('target_shape');
  const target = Array.isArray(given) ? given.map((extent: unknown) => extent ?? OPEN) : [];
  const open = target.filter((extent) => extent === OPEN).length;
  if (target.length > 0 && open <= 1 && target.every(isExtent)) return target;
  throw invalidConfig(layer, 'target_shape', given, 'positive integers, one of them may be -1');
}

function isExtent(value: unknown): value is number {
  return Number.isSafeInteger(value) && (Number(value) > 0 || value === OPEN);
}
