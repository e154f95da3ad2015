/** Arrays of numbers in JSON, flat or nested: `[0.1, 0.2]`, `[[1, 2], [3, 4]]`. */
import { InputError } from '../errors.ts';
import type { NumericArray } from './numeric-array.ts';

const MOST_AXES = 32;

/**
 * The array of a value that was parsed from JSON, as doubles: the first elements give the shape,
 * all others must follow it.
 * @throws InputError CORE_NUMBERS_SHAPE (ragged, empty or no array) or CORE_NUMBERS_ELEMENT (not a
 * finite number), naming the position
 */
export function numericArrayOf(value: unknown): NumericArray {
  const shape = shapeOf(value);
  // Grows with what is there: a ragged text of a few kilobytes can imply a shape of any size.
  const numbers: number[] = [];
  const fill = (part: unknown, axis: number, position: string): void => {
    const length = shape[axis];
    if (length === undefined) {
      numbers.push(finiteNumber(part, position));
      return;
    }
    if (!Array.isArray(part)) throw badShape(position, describe(part), `${length} elements`);
    if (part.length !== length) {
      throw badShape(position, `${part.length} elements`, `${length}, as in its siblings`);
    }
    for (let i = 0; i < length; i++) fill(part[i], axis + 1, `${position}[${i}]`);
  };
  fill(value, 0, '');
  return { shape, data: Float64Array.from(numbers) };
}

/** Lengths along the first elements. */
function shapeOf(value: unknown): number[] {
  const shape: number[] = [];
  let position = '';
  for (let part = value; Array.isArray(part) || shape.length === 0; part = part[0]) {
    if (!Array.isArray(part)) throw badShape(position, describe(part), 'an array of numbers');
    if (part.length === 0) throw badShape(position, 'an empty array', 'at least one element');
    if (shape.length === MOST_AXES) throw badShape(position, 'deeper arrays', `${MOST_AXES} axes`);
    shape.push(part.length);
    position += '[0]';
  }
  return shape;
}

function finiteNumber(value: unknown, position: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new InputError({
    code: 'CORE_NUMBERS_ELEMENT',
    what: `the element at ${position} is not a finite number`,
    got: describe(value),
    expected: 'a finite number',
  });
}

function badShape(position: string, got: string, expected: string): InputError {
  return new InputError({
    code: 'CORE_NUMBERS_SHAPE',
    what: position === '' ? 'this is no array of numbers' : `the arrays are uneven at ${position}`,
    got,
    expected,
  });
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'number' ? `${value}` : `a value of type ${typeof value}`;
}
