/** From the words of an output to what they mean. */
import {
  COMMITMENT_KIND,
  commitTensors,
  IntegrityError,
  type OutputReading,
  outputSalt,
} from '@zkinfer/core';
import { outputLayouts, readDescribedOutputs } from '@zkinfer/core/service';
import type { Model } from '../model/open-model.ts';

/** A commitment to an output and what opens it. */
export interface OutputOpening {
  /** In [0, r), from a proof's public signals or from the chain. */
  readonly outputHash: bigint;
  /** Of the request: the output's salt follows from it. */
  readonly inputSalt: bigint;
  /** Packed. */
  readonly outputWords: readonly bigint[];
}

/**
 * The outputs that a hash commits to: integers, reals, and for classifiers the predicted class, its
 * label and, computed outside the proof, probabilities.
 * @throws InputError CORE_WORD_COUNT, CORE_WORD_RANGE, CORE_FIELD_ELEMENT_RANGE; IntegrityError
 *   CLIENT_OUTPUT_DIFFERS if the words are not what the hash commits to
 */
export function openOutput(model: Model, opening: OutputOpening): OutputReading[] {
  const { outputHash, inputSalt, outputWords } = opening;
  const salt = outputSalt(inputSalt);
  const committed = commitTensors(COMMITMENT_KIND.output, outputLayouts(model), outputWords, salt);
  if (committed !== outputHash) {
    throw new IntegrityError({
      code: 'CLIENT_OUTPUT_DIFFERS',
      what: 'the output words are not those that were proved',
      hint: 'Whoever gave them is wrong, or the input salt is another request’s.',
    });
  }
  return readDescribedOutputs(model, outputWords);
}
