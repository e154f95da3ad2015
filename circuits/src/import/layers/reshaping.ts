import { elementCount } from '../../graph/shape.ts';
import { type GraphTensor, type LayerCall, requireChannelsLast, soleInput } from '../layer-call.ts';
import { invalidConfig, shapeError } from '../layer-errors.ts';

/** `Flatten`. */
export function convertFlatten(call: LayerCall): GraphTensor {
  requireChannelsLast(call);
  const input = soleInput(call);
  return call.emit('', { kind: 'reshape' }, [input], [elementCount(input.shape)]);
}

/** `Reshape`; one −1 in the target stands for whatever is left. */
export function convertReshape(call: LayerCall): GraphTensor {
  const input = soleInput(call);
  const target = call.config.raw('target_shape');
  if (!Array.isArray(target) || !target.every(isExtent) || target.filter(isOpen).length > 1) {
    const expected = 'positive integers, one of them may be -1';
    throw invalidConfig(call.layer, 'target_shape', target, expected);
  }
  const known = elementCount(target.filter((extent) => !isOpen(extent)));
  const shape = target.map((extent) =>
    isOpen(extent) ? elementCount(input.shape) / known : extent,
  );
  if (!shape.every(Number.isInteger) || elementCount(shape) !== elementCount(input.shape)) {
    throw shapeError(call.layer, `[${input.shape}]`, `as many elements as [${target}]`);
  }
  return call.emit('', { kind: 'reshape' }, [input], shape);
}

function isExtent(value: unknown): value is number {
  return Number.isSafeInteger(value) && (Number(value) > 0 || isOpen(value));
}

function isOpen(value: unknown): boolean {
  return value === -1;
}
