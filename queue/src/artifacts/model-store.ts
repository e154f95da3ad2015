/** Compiled directories with keys, by model digest. */
import type { CompiledModel } from '@zkinfer/circuits';

/** How a model is opened. */
export interface OpenModelOptions {
  readonly signal?: AbortSignal;
}

/** Where workers get models from. */
export interface ModelStore {
  /** The models that it has, digests in order. @throws EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE */
  list(): Promise<readonly string[]>;
  /**
   * A model in a local directory, every file that is needed to prove checked against its digest
   * when it has changed since it was last opened.
   * @throws InputError QUEUE_MODEL_UNKNOWN, QUEUE_MODEL_DIGEST (no digest: never a path);
   *   IntegrityError CORE_ARTIFACT_TAMPERED, CIRCUITS_DIRECTORY_MIXED, QUEUE_MODEL_DIFFERS,
   *   QUEUE_MODEL_DAMAGED; EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE, CORE_READ_FAILED,
   *   CORE_DISK_FULL, CORE_WRITE_*
   */
  open(modelDigest: string, options?: OpenModelOptions): Promise<CompiledModel>;
}
