/** Compiled directories with keys, by model digest. */
import type { CompiledModel } from '@zkinfer/circuits';

/** Where workers get models from. */
export interface ModelStore {
  /** The models that it has, digests in order. @throws EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE */
  list(): Promise<readonly string[]>;
  /**
   * A model in a local directory, every file that is needed to prove checked against its digest.
   * @throws InputError QUEUE_MODEL_UNKNOWN, QUEUE_MODEL_DIGEST (no digest: never a path);
   *   IntegrityError CORE_ARTIFACT_*, QUEUE_MODEL_DIFFERS; EnvironmentError
   *   QUEUE_ARTIFACTS_UNAVAILABLE
   */
  open(modelDigest: string, options?: { readonly signal?: AbortSignal }): Promise<CompiledModel>;
}
