/** Bytes by their SHA-256: inputs, outputs and proofs on their way from stage to stage. */

/** How a blob is moved. */
export interface BlobOptions {
  readonly signal?: AbortSignal;
}

/** Where the service and its workers put what is too large, or too private, for a queue. */
export interface BlobStore {
  /**
   * Keeps the bytes; once resolved they survive the end of this process. Putting them twice does
   * no harm.
   * @returns their SHA-256, 64 lower-case hexadecimal digits
   * @throws InputError QUEUE_BLOB_TOO_LARGE; EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE
   */
  put(bytes: Uint8Array, options?: BlobOptions): Promise<string>;
  /**
   * The bytes, checked against the digest.
   * @throws InputError QUEUE_BLOB_UNKNOWN, QUEUE_BLOB_TOO_LARGE; IntegrityError QUEUE_BLOB_CORRUPTED;
   *   EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE
   */
  get(sha256: string, options?: BlobOptions): Promise<Uint8Array>;
}

/** The largest blob: an envelope of 200,000 words of 77 digits is 16 MB. */
export const LARGEST_BLOB_BYTES = 32 * 1024 * 1024;
