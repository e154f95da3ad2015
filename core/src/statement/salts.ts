/** The salts of commitments: the requester chooses the input's, the output's follows from it. */
import { InputError } from '../errors.ts';
import { requireFieldElement } from '../field-element.ts';
import { poseidon } from '../poseidon.ts';

/** The input salt that hides nothing: a commitment that anyone can open who guesses the input. */
export const OPEN_SALT = 0n;

const RANDOM_BYTES = 31;
/** 128 random bits fall below this with probability 2^-64: such a salt was typed, not drawn. */
const LOWEST_HIDING_SALT = 1n << 64n;
const OUTPUT_DOMAIN = 1n;

/** A salt of 248 bits from the platform's cryptographic generator. */
export function randomSalt(): bigint {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return bytes.reduce((salt, byte) => (salt << 8n) | BigInt(byte), 0n);
}

/**
 * The salt of the output commitment, Poseidon(inputSalt, 1), as the circuit derives it: whoever
 * knows the input salt can open the output.
 * @throws InputError CORE_FIELD_ELEMENT_RANGE
 */
export function outputSalt(inputSalt: bigint): bigint {
  requireFieldElement(inputSalt, 'the input salt');
  return poseidon([inputSalt, OUTPUT_DOMAIN]);
}

/**
 * The salt itself, if a requester may choose it: `OPEN_SALT`, or one that can have 128 random bits.
 * (Proofs and contracts take any field element; this guards the one who chooses.)
 * @throws InputError CORE_FIELD_ELEMENT_RANGE, CORE_SALT_WEAK
 */
export function requireChosenSalt(salt: bigint): bigint {
  requireFieldElement(salt, 'the input salt');
  if (salt === OPEN_SALT || salt >= LOWEST_HIDING_SALT) return salt;
  throw new InputError({
    code: 'CORE_SALT_WEAK',
    what: 'the input salt is too small to hide anything',
    got: 'a salt of at most 64 bits',
    expected: '0 (nothing is hidden) or at least 128 random bits',
    hint: 'Let a random salt be drawn.',
  });
}
