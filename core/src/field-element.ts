/**
 * Checks at the edges: which integers and texts stand for elements of the scalar field, one form
 * each.
 */
import { InputError } from './errors.ts';
import { SCALAR_FIELD_ORDER } from './field.ts';

const DECIMAL = /^(0|[1-9][0-9]*)$/;
const MOST_DIGITS = SCALAR_FIELD_ORDER.toString().length;

/**
 * The value itself, if it lies in [0, r). Without this check w and w + r would open the same
 * commitment.
 * @param name what the value is, for the message; the value is not printed, it may be secret.
 * @throws InputError CORE_FIELD_ELEMENT_RANGE
 */
export function requireFieldElement(value: bigint, name: string): bigint {
  if (value >= 0n && value < SCALAR_FIELD_ORDER) return value;
  throw new InputError({
    code: 'CORE_FIELD_ELEMENT_RANGE',
    what: `${name} is not a canonical element of the scalar field`,
    got: value < 0n ? 'a negative integer' : 'an integer ≥ r',
    expected: `an integer in [0, r), r = ${SCALAR_FIELD_ORDER}`,
    hint: 'Congruent values are not accepted in its place: use the residue that the prover wrote.',
  });
}

/**
 * A field element from its decimal digits, as snarkjs writes it: no sign, no leading zeros, less
 * than r.
 * @throws InputError CORE_FIELD_ELEMENT_SYNTAX, CORE_FIELD_ELEMENT_RANGE
 */
export function parseFieldElement(text: unknown, name: string): bigint {
  if (typeof text !== 'string' || !DECIMAL.test(text)) {
    throw new InputError({
      code: 'CORE_FIELD_ELEMENT_SYNTAX',
      what: `${name} is not written as a field element`,
      got: typeof text === 'string' ? 'another text' : typeof text,
      expected: 'a string of decimal digits without sign or leading zeros',
    });
  }
  // Longer texts are out of range whatever their digits; converting them would take quadratic time.
  return requireFieldElement(text.length > MOST_DIGITS ? SCALAR_FIELD_ORDER : BigInt(text), name);
}
