import { type CanonicalValue, canonicalJson, sha256Hex } from '@zkinfer/core';
import type { ModelSource } from '../import/model-source.ts';
import { readTfjsModel } from '../import/read-tfjs-model.ts';

/** What else a compilation starts from, besides the model. */
export interface CompilationSource {
  /** Version of zkinfer. */
  readonly zkinfer: string;
  /** See `floatModelDigest`. */
  readonly floatModel: string;
  /** Real inputs, sample after sample, one array for each input. */
  readonly calibration: readonly Float32Array[];
  /** Everything else that changes the result. */
  readonly options: CanonicalValue;
}

/**
 * SHA-256 of a float model, its topology and its weights.
 * @throws InputError CIRCUITS_MODEL_*: see `readTfjsModel`
 */
export async function floatModelDigest(source: ModelSource): Promise<string> {
  const text = new TextEncoder().encode(await source.readModelJson());
  const { weightBytes } = await readTfjsModel(source);
  return digestOf({ model: sha256Hex(text), weights: sha256Hex(weightBytes) });
}

/** SHA-256 that names a compilation by what it starts from: equal digests, equal results. */
export function sourceDigest(source: CompilationSource): string {
  const { zkinfer, floatModel, options } = source;
  const calibration = source.calibration.map(({ buffer, byteOffset, byteLength }) =>
    sha256Hex(new Uint8Array(buffer, byteOffset, byteLength)),
  );
  return digestOf({ zkinfer, floatModel, calibration, options });
}

function digestOf(value: CanonicalValue): string {
  return sha256Hex(new TextEncoder().encode(canonicalJson(value)));
}
