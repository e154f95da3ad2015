/** From what a client sent as its input to an envelope that the model takes. */
import {
  COMMITMENT_KIND,
  commitTensors,
  type Envelope,
  elementCount,
  parseFieldElement,
  requireChosenSalt,
} from '@zkinfer/core';
import { inputLayouts, type JobSubmission, type ModelDescription } from '@zkinfer/core/service';
import { envelopeFromReals } from '../inputs/envelope-from-reals.ts';
import { otherModel } from '../inputs/input-errors.ts';

/** The input of a submission. */
export type SubmittedInput = JobSubmission['input'];

/**
 * @param drawnSalt of reals without a salt
 * @throws InputError QUEUE_INPUT_MODEL, CORE_WORD_*, CORE_FIELD_ELEMENT_RANGE, CORE_SALT_WEAK,
 *   and as `envelopeFromReals`
 */
export function envelopeOfInput(
  input: SubmittedInput,
  model: ModelDescription,
  drawnSalt: () => bigint,
): Envelope {
  if ('reals' in input) {
    const { reals, inputSalt } = input;
    const salt = inputSalt === undefined ? drawnSalt() : parseFieldElement(inputSalt, 'the salt');
    return envelopeFromReals(model, reals, requireChosenSalt(salt));
  }
  const envelope = envelopeOfJson(input.envelope);
  // Refuses words that open to nothing before anything is stored.
  inputHashOf(envelope, model);
  return envelope;
}

/** @throws InputError CORE_FIELD_ELEMENT_RANGE */
export function envelopeOfJson(sent: {
  readonly modelDigest: string;
  readonly words: readonly string[];
  readonly inputSalt: string;
}): Envelope {
  return {
    version: 1,
    modelDigest: sent.modelDigest,
    words: sent.words.map((word, i) => parseFieldElement(word, `word ${i}`)),
    inputSalt: parseFieldElement(sent.inputSalt, 'the input salt'),
  };
}

/**
 * What an envelope commits to under its model.
 * @throws InputError QUEUE_INPUT_MODEL, CORE_WORD_COUNT, CORE_WORD_RANGE,
 *   CORE_FIELD_ELEMENT_RANGE
 */
export function inputHashOf(envelope: Envelope, model: ModelDescription): bigint {
  if (envelope.modelDigest !== model.modelDigest) {
    throw otherModel(envelope.modelDigest, model.modelDigest);
  }
  const { words, inputSalt } = envelope;
  return commitTensors(COMMITMENT_KIND.input, inputLayouts(model), words, inputSalt);
}

/** The inputs of a model from float32, little-endian, one after the other; as long as they are. */
export function splitReals(bytes: Uint8Array, { inputs }: ModelDescription): Float32Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return inputs.map(({ shape }) =>
    Float32Array.from({ length: elementCount(shape) }, () => {
      at += Float32Array.BYTES_PER_ELEMENT;
      return view.getFloat32(at - Float32Array.BYTES_PER_ELEMENT, true);
    }),
  );
}
