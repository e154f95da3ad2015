/** The files of a compiled directory that it takes to prove: the only names that are ever asked for. */
import { CIRCUIT_FILE, MODEL_FILE, WEIGHTS_FILE } from '@zkinfer/circuits';
import { InputError, SETUP_FILES } from '@zkinfer/core';
import { isHexDigest } from './hex-digest.ts';

/** Listed in the manifest, each with its digest. */
export const MODEL_FILES: readonly string[] = [
  MODEL_FILE,
  WEIGHTS_FILE,
  CIRCUIT_FILE,
  ...Object.values(SETUP_FILES),
];

/** The digest itself, if it is one: before it becomes a path. @throws InputError QUEUE_MODEL_DIGEST */
export function requireModelDigest(modelDigest: string): string {
  if (isHexDigest(modelDigest)) return modelDigest;
  throw new InputError({
    code: 'QUEUE_MODEL_DIGEST',
    what: 'this is no model digest',
    expected: '64 lower-case hexadecimal digits',
  });
}

/** For a digest that a store has no model of. */
export function unknownModel(modelDigest: string): InputError {
  return new InputError({
    code: 'QUEUE_MODEL_UNKNOWN',
    what: 'there is no such model here',
    got: modelDigest,
    hint: 'Put its compiled directory, with keys, where the service keeps its models.',
  });
}
