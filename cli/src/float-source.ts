/** `source.json`: where the float model of a compiled directory lies, so that both can be compared later. */
import { relative, resolve } from 'node:path';
import { fileModelSource, floatModelDigest, type ModelSource } from '@zkinfer/circuits';
import {
  canonicalJson,
  InputError,
  IntegrityError,
  parseJson,
  readHexDigest,
  readObject,
  readString,
} from '@zkinfer/core';
import type { ArtifactDirectory } from '@zkinfer/core/node';

export const SOURCE_FILE = 'source.json';

/** The text of `source.json`; the model's path is kept relative to the directory. */
export function encodeFloatSource(directory: string, model: string, digest: string): string {
  const path = relative(resolve(directory), resolve(model)).replaceAll('\\', '/');
  return canonicalJson({ model: path, digest });
}

/**
 * The float model that a directory was compiled from.
 * @param given where it lies now, if not where it was
 * @throws InputError CIRCUITS_MODEL_MISSING, …; IntegrityError CLI_OTHER_MODEL if it is not the same model any more
 */
export async function findFloatModel(
  directory: ArtifactDirectory,
  given: string | undefined,
): Promise<ModelSource> {
  const text = await directory.readText(SOURCE_FILE);
  const { model, digest } = readObject(parseJson(text, SOURCE_FILE), SOURCE_FILE, [
    'model',
    'digest',
  ]);
  const recorded = resolve(directory.path, readString(model, `${SOURCE_FILE}.model`));
  const source = fileModelSource(given ?? recorded);
  const found = await floatModelDigest(source).catch((error: unknown) => {
    throw given === undefined && error instanceof InputError ? movedError(recorded, error) : error;
  });
  const expected = readHexDigest(digest, `${SOURCE_FILE}.digest`);
  if (found === expected) return source;
  throw new IntegrityError({
    code: 'CLI_OTHER_MODEL',
    what: `${source.name} is not the float model that ${directory.path} was compiled from`,
    got: found,
    expected,
  });
}

function movedError(path: string, cause: InputError): InputError {
  return new InputError({
    code: 'CLI_MODEL_MOVED',
    what: `the float model cannot be read where it was: ${path}`,
    got: cause.what,
    hint: 'Say where it is with --model.',
    cause,
  });
}
