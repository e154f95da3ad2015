import { type CanonicalValue, canonicalJson, sha256Hex } from '@zkinfer/core';
import type { ModelSource } from '../import/model-source.ts';
import { readTfjsModel } from '../import/read-tfjs-model.ts';

/** What else a compilation starts from, besides the model. */
export interface CompilationSource {
  /** Version of zkinfer. */
  readonly zkinfer: string;
  /** Real inputs, sample after sample, one array for each input. */
  readonly calibration: readonly Float32Array[];
  /** Everything else that changes the result. */
  readonly options: CanonicalValue;
}

/**
 * SHA-256 that names a compilation by what it starts from: equal digests, equal results.
 * @throws InputError CIRCUITS_MODEL_*: see `readTfjsModel`
 */
export async function sourceDigest(
  model: ModelSource,
  { zkinfer, calibration, options }: CompilationSource,
): Promise<string> {
  const text = await model.readModelJson();
  const { weightBytes } = await readTfjsModel(model);
  const digestOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array) =>
    sha256Hex(new Uint8Array(buffer, byteOffset, byteLength));
  const source = {
    zkinfer,
    model: sha256Hex(new TextEncoder().encode(text)),
    weights: digestOf(weightBytes),
    calibration: calibration.map(digestOf),
    options,
  };
  return sha256Hex(new TextEncoder().encode(canonicalJson(source)));
}
