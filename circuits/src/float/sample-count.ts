import { InputError } from '@zkinfer/core';
import { elementCount } from '../graph/shape.ts';

/**
 * How many samples the inputs hold, one after the other, of tensors of these shapes (without
 * batch).
 * @throws InputError CIRCUITS_FLOAT_INPUT if they hold none, no whole number, not equally many, or
 * are not as many inputs
 */
export function sampleCount(
  shapes: readonly (readonly number[])[],
  inputs: readonly Float32Array[],
): number {
  const counts = shapes.map((shape, i) => (inputs[i]?.length ?? 0) / elementCount(shape));
  const [count] = counts;
  const whole = count !== undefined && Number.isInteger(count) && count > 0;
  if (whole && inputs.length === counts.length && counts.every((other) => other === count)) {
    return count;
  }
  throw new InputError({
    code: 'CIRCUITS_FLOAT_INPUT',
    what: 'the inputs do not fit the model',
    got: `${inputs.map((input) => input.length).join(', ') || 'no'} values`,
    expected: `as many samples of ${shapes.map((shape) => `[${shape}]`).join(', ')}`,
  });
}
