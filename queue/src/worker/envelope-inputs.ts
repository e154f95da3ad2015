/** From an envelope to what a network is run on. */
import { inputLayoutsOf, type Network } from '@zkinfer/circuits';
import { decodeEnvelope, IntegrityError, unpack } from '@zkinfer/core';

/** What a network is run on, and what hides it. */
export interface EnvelopeInputs {
  /** One array for each network input. */
  readonly inputs: readonly Float64Array[];
  readonly inputSalt: bigint;
}

/**
 * The inputs of an envelope that the fetch stage has checked.
 * @throws InputError as `decodeEnvelope` and `unpack`; IntegrityError QUEUE_ENVELOPE_DIFFERS when it
 *   is for another model
 */
export function envelopeInputs(
  text: string,
  modelDigest: string,
  network: Network,
): EnvelopeInputs {
  const envelope = decodeEnvelope(text);
  if (envelope.modelDigest !== modelDigest) {
    throw new IntegrityError({
      code: 'QUEUE_ENVELOPE_DIFFERS',
      what: 'the envelope is for another model',
      got: envelope.modelDigest,
      expected: modelDigest,
    });
  }
  const tensors = unpack(envelope.words, inputLayoutsOf(network));
  const inputs = tensors.map((integers) => Float64Array.from(integers, Number));
  return { inputs, inputSalt: envelope.inputSalt };
}
