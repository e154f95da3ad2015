/** What opens the commitments of a proof, as JSON: secret, for whoever may see input and output. */
import { canonicalJson } from '../artifacts/canonical-json.ts';
import {
  parseJson,
  readArray,
  readConstant,
  readHexDigest,
  readObject,
} from '../artifacts/strict-json.ts';
import { parseFieldElement, requireFieldElement } from '../field-element.ts';

/** Words and salts, each in [0, r). */
export interface Opening {
  readonly version: 1;
  /** SHA-256 of the canonical model, 64 lower-case hexadecimal digits. */
  readonly modelDigest: string;
  readonly inputWords: readonly bigint[];
  readonly inputSalt: bigint;
  readonly outputWords: readonly bigint[];
  readonly outputSalt: bigint;
}

const KEYS = [
  'version',
  'modelDigest',
  'inputWords',
  'inputSalt',
  'outputWords',
  'outputSalt',
] as const;

/**
 * Deterministic text: field elements as decimal strings. @throws InputError
 * CORE_FIELD_ELEMENT_RANGE
 */
export function encodeOpening(opening: Opening): string {
  const { version, modelDigest, inputWords, inputSalt, outputWords, outputSalt } = opening;
  for (const value of [...inputWords, inputSalt, ...outputWords, outputSalt]) {
    requireFieldElement(value, 'a value of the opening');
  }
  return canonicalJson({ version, modelDigest, inputWords, inputSalt, outputWords, outputSalt });
}

/**
 * Reads an opening: these keys and no others, canonical values. Whether the words are as many as
 * the model has is checked where the model is known.
 * @throws InputError CORE_JSON_SYNTAX, CORE_JSON_SHAPE, CORE_FIELD_ELEMENT_SYNTAX,
 *   CORE_FIELD_ELEMENT_RANGE
 */
export function decodeOpening(text: string): Opening {
  const object = readObject(parseJson(text, 'opening'), 'opening', KEYS);
  return {
    version: readConstant(object.version, 'opening.version', 1),
    modelDigest: readHexDigest(object.modelDigest, 'opening.modelDigest'),
    inputWords: readWords(object.inputWords, 'opening.inputWords'),
    inputSalt: parseFieldElement(object.inputSalt, 'opening.inputSalt'),
    outputWords: readWords(object.outputWords, 'opening.outputWords'),
    outputSalt: parseFieldElement(object.outputSalt, 'opening.outputSalt'),
  };
}

function readWords(value: unknown, path: string): bigint[] {
  return readArray(value, path).map((word, i) => parseFieldElement(word, `${path}[${i}]`));
}
