/** Opens the directory of a model in a child process. */
import { type CompiledModel, openCompiledModel } from '@zkinfer/circuits';
import { IntegrityError, type Manifest, SETUP_FILES } from '@zkinfer/core';

/** A model, where a worker has found it. */
export interface ModelPlace {
  readonly modelDigest: string;
  /** A model may get another key. */
  readonly verificationKeyDigest: string | undefined;
  /** The path of its compiled directory. */
  readonly directory: string;
}

/** Weights are a byte or two in their file and a double in memory. */
const BYTES_PER_FILE_BYTE = 8;

const SETUP_FILE_NAMES: readonly string[] = Object.values(SETUP_FILES);

/** Where an open model is. */
export function placeOf({ directory: { path, manifest } }: CompiledModel): ModelPlace {
  const { modelDigest, verificationKeyDigest } = manifest;
  return { modelDigest, verificationKeyDigest, directory: path };
}

/** A name for a model with its key. */
export function nameOfPlace({ modelDigest, verificationKeyDigest }: ModelPlace): string {
  return `${modelDigest} ${verificationKeyDigest}`;
}

/**
 * @throws as `openCompiledModel`; IntegrityError QUEUE_MODEL_DIFFERS when another model, or another
 *   key, is there than before
 */
export async function openServedModel(place: ModelPlace): Promise<CompiledModel> {
  const model = await openCompiledModel(place.directory);
  const [got, expected] = [nameOfPlace(placeOf(model)), nameOfPlace(place)];
  if (got === expected) return model;
  throw new IntegrityError({
    code: 'QUEUE_MODEL_DIFFERS',
    what: 'a directory has another model, or key, than it had',
    got,
    expected,
  });
}

/** About how many bytes a network takes in memory, with the circuit that is compiled from it. */
export function networkMemoryBytes({ files }: Pick<Manifest, 'files'>): number {
  const ofNetwork = Object.entries(files).filter(([name]) => !SETUP_FILE_NAMES.includes(name));
  return BYTES_PER_FILE_BYTE * ofNetwork.reduce((sum, [, { bytes }]) => sum + bytes, 0);
}
