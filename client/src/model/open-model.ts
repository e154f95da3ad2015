/**
 * A model as a client believes in it. A service describes its models, and could describe them
 * wrongly: another scale makes another input, another key accepts other proofs. So a description is
 * used only after its pin was compared, or the caller has said that the service is trusted.
 */
import { IntegrityError } from '@zkinfer/core';
import {
  type ModelDescription,
  ModelDescriptionSchema,
  modelPin,
  readSchema,
} from '@zkinfer/core/service';

/**
 * Why a description is believed: its pin is the one that the caller knows (`modelPin` of a
 * description that it, or someone it trusts, has made from an audited model), or the caller takes
 * the service's word.
 */
export type ModelTrust = { readonly pin: string } | { readonly trustService: true };

/** A description that the caller believes, and its pin. */
export interface Model extends ModelDescription {
  /** To be kept, and asked for the next time. */
  readonly pin: string;
}

/**
 * The model of a description.
 * @param description as `GET /v1/models` tells it, or from a file
 * @throws InputError CORE_SCHEMA; IntegrityError CLIENT_MODEL_PIN
 */
export function openModel(description: unknown, trust: ModelTrust): Model {
  const described = readSchema(ModelDescriptionSchema, description, 'a description of a model');
  const pin = modelPin(described);
  if ('pin' in trust && trust.pin !== pin) {
    throw new IntegrityError({
      code: 'CLIENT_MODEL_PIN',
      what: 'the description of the model is not the pinned one',
      got: pin,
      expected: trust.pin,
      hint: 'Do not use it before you know why: another key, other scales, or another model.',
    });
  }
  return { ...described, pin };
}
