/**
 * What travels to a worker when an input is not inline on the chain: the packed words and their
 * salt, as JSON.
 */
import { canonicalJson } from '../artifacts/canonical-json.ts';
import {
  parseJson,
  readArray,
  readConstant,
  readHexDigest,
  readObject,
} from '../artifacts/strict-json.ts';
import { parseFieldElement, requireFieldElement } from '../field-element.ts';

/**
 * An input on the wire. Whether the words are as many as the model has is checked where the model
 * is known.
 */
export interface Envelope {
  readonly version: 1;
  /** SHA-256 of the canonical model, 64 lower-case hexadecimal digits. */
  readonly modelDigest: string;
  /** Each in [0, r). */
  readonly words: readonly bigint[];
  /** In [0, r); 0 hides nothing. */
  readonly inputSalt: bigint;
}

/**
 * Deterministic text: field elements as decimal strings.
 * @throws InputError CORE_FIELD_ELEMENT_RANGE
 */
export function encodeEnvelope(envelope: Envelope): string {
  envelope.words.forEach((word, i) => {
    requireFieldElement(word, `envelope word ${i}`);
  });
  requireFieldElement(envelope.inputSalt, 'the input salt');
  const { version, modelDigest, words, inputSalt } = envelope;
  return canonicalJson({ version, modelDigest, words, inputSalt });
}

/**
 * Reads an envelope: these four keys and no others, canonical values.
 * @throws InputError CORE_JSON_SYNTAX, CORE_JSON_SHAPE, CORE_FIELD_ELEMENT_SYNTAX,
 * CORE_FIELD_ELEMENT_RANGE
 */
export function decodeEnvelope(text: string): Envelope {
  const object = readObject(parseJson(text, 'envelope'), 'envelope', [
    'version',
    'modelDigest',
    'words',
    'inputSalt',
  ]);
  return {
    version: readConstant(object.version, 'envelope.version', 1),
    modelDigest: readHexDigest(object.modelDigest, 'envelope.modelDigest'),
    words: readArray(object.words, 'envelope.words').map((word, i) =>
      parseFieldElement(word, `envelope.words[${i}]`),
    ),
    inputSalt: parseFieldElement(object.inputSalt, 'envelope.inputSalt'),
  };
}
