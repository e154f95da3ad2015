/**
 * Where a model's bytes come from: a folder, a store, memory. Readers of model files know no file
 * system; whoever calls them supplies one of these.
 */
export interface ModelSource {
  /** What messages call the model: a path, an address. */
  readonly name: string;
  /** The text of `model.json`. */
  readModelJson(): Promise<string>;
  /**
   * The bytes of a weight file, by the path that `model.json` gives it, which is untrusted.
   * @throws InputError CIRCUITS_MODEL_SHARD_MISSING, CIRCUITS_MODEL_SHARD_PATH
   */
  readShard(path: string): Promise<Uint8Array>;
}
