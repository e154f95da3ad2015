/** Where the input of a request on chain lies: in the request itself, or with a service. */
import { InputError, OPEN_SALT } from '@zkinfer/core';
import type { RequestInput } from '@zkinfer/verifier-contracts';
import type { PreparedInput } from '../input/prepare-input.ts';
import type { CallOptions } from '../job/within-time.ts';
import type { ServiceClient } from '../service/service-client.ts';

/** 2 KiB of call data and of logs: more is cheaper elsewhere. */
const MOST_INLINE_WORDS = 64;

/**
 * Inline words where nothing is hidden and they are few; else the URI of the envelope, which the
 * service has stored.
 * @throws InputError CLIENT_NEEDS_SERVICE; as `ServiceClient.storeEnvelope`
 */
export async function placeInput(
  { envelope, inputHash }: PreparedInput,
  service: ServiceClient | undefined,
  options: CallOptions,
): Promise<RequestInput> {
  const { words, inputSalt } = envelope;
  if (inputSalt === OPEN_SALT && words.length <= MOST_INLINE_WORDS) return { words };
  if (service === undefined) throw needsService(inputSalt === OPEN_SALT);
  const { uri } = await service.storeEnvelope(envelope, inputHash, options);
  return { inputHash, uri };
}

function needsService(isLarge: boolean): InputError {
  return new InputError({
    code: 'CLIENT_NEEDS_SERVICE',
    what: isLarge
      ? 'the input is too large for a transaction'
      : 'a hidden input does not travel in a transaction',
    expected: 'a service that stores its envelope for the workers',
    hint: 'Give the client a service, or, if everybody may read the input, choose the salt 0.',
  });
}
