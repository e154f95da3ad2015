/** From reals to what a proof speaks of: integers, words, a salt, and the commitment to them. */
import {
  COMMITMENT_KIND,
  commitTensors,
  type Envelope,
  InputError,
  OPEN_SALT,
  randomSalt,
  requireChosenSalt,
} from '@zkinfer/core';
import { inputLayouts, quantizeReals } from '@zkinfer/core/service';
import type { Model } from '../model/open-model.ts';

/**
 * Reals for a model: for one input an array, nested or flat, or a typed one; for several an object
 * of them by input name. Bytes (`Uint8Array`) are the pixels of a picture, [height, width,
 * channels], where the model has image preprocessing.
 */
export type Reals =
  | ArrayLike<number>
  | readonly unknown[]
  | Readonly<Record<string, ArrayLike<number> | readonly unknown[]>>;

/** `random` hides the input; 0 hides nothing; else one of at least 128 random bits. */
export type SaltChoice = 'random' | 0 | bigint;

/** An input on its way to a model. */
export interface PreparedInput {
  /** Words and salt: whoever has it can read the input and open the output. */
  readonly envelope: Envelope;
  /** The commitment that a proof must name. */
  readonly inputHash: bigint;
}

/** How inputs are prepared. */
export interface PrepareOptions {
  /** `random` by default. */
  readonly salt?: SaltChoice;
  /** Refuses reals outside the calibrated range in place of clamping them. */
  readonly strict?: boolean;
}

/** The salt of a choice. @throws InputError CORE_FIELD_ELEMENT_RANGE, CORE_SALT_WEAK */
export function chooseSalt(choice: SaltChoice = 'random'): bigint {
  if (choice === 'random') return randomSalt();
  return choice === 0 ? OPEN_SALT : requireChosenSalt(choice);
}

/**
 * The commitment to words of this model's input.
 * @throws InputError CORE_WORD_COUNT, CORE_WORD_RANGE, CORE_FIELD_ELEMENT_RANGE
 */
export function commitInput(model: Model, words: readonly bigint[], inputSalt: bigint): bigint {
  return commitTensors(COMMITMENT_KIND.input, inputLayouts(model), words, inputSalt);
}

/**
 * Quantises, salts and commits; an envelope is only checked and committed to.
 * @throws InputError as `quantizeReals`, `chooseSalt` and `commitInput`; CLIENT_ENVELOPE_MODEL
 */
export function prepareInput(
  model: Model,
  input: Reals | Envelope,
  options: PrepareOptions = {},
): PreparedInput {
  const envelope = isEnvelope(input) ? input : envelopeOf(model, input, options);
  if (envelope.modelDigest !== model.modelDigest) {
    throw new InputError({
      code: 'CLIENT_ENVELOPE_MODEL',
      what: 'the envelope is for another model',
      got: envelope.modelDigest,
      expected: model.modelDigest,
    });
  }
  return { envelope, inputHash: commitInput(model, envelope.words, envelope.inputSalt) };
}

function envelopeOf(model: Model, reals: Reals, { salt, strict }: PrepareOptions): Envelope {
  const { words } = quantizeReals(model, reals, strict === undefined ? {} : { strict });
  return { version: 1, modelDigest: model.modelDigest, words, inputSalt: chooseSalt(salt) };
}

function isEnvelope(input: Reals | Envelope): input is Envelope {
  return 'inputSalt' in input && 'modelDigest' in input && 'words' in input;
}
