/** Blobs of a service on another machine, through `/v1/blobs/:sha256`. */
import { parseJson } from '@zkinfer/core';
import { readSchema, ServiceErrorSchema, servicePath } from '@zkinfer/core/service';
import {
  type ArtifactRequest,
  ArtifactServer,
  type ArtifactServerOptions,
  type ByteAnswer,
} from './artifact-server.ts';
import {
  corruptedBlob,
  requireBlobDigest,
  requireBlobSize,
  tooLargeBlob,
  unknownBlob,
} from './blob-errors.ts';
import { type BlobOptions, type BlobStore, LARGEST_BLOB_BYTES } from './blob-store.ts';
import { hexDigestOf } from './hex-digest.ts';

/** A whole transfer. */
const TRANSFER_MS = 120_000;

/** A `BlobStore` of a service. */
export class HttpBlobStore implements BlobStore {
  readonly #server: ArtifactServer;

  /** @throws InputError QUEUE_ARTIFACTS_URL, QUEUE_ARTIFACTS_KEY */
  constructor(options: ArtifactServerOptions) {
    this.#server = new ArtifactServer(options);
  }

  async put(bytes: Uint8Array, { signal }: BlobOptions = {}): Promise<string> {
    const sha256 = hexDigestOf(requireBlobSize(bytes));
    const answer = await this.#transfer('PUT', sha256, signal, bytes);
    if (answer.status >= 200 && answer.status < 300) return sha256;
    if (answer.status === 413) throw tooLargeBlob(`${bytes.length} bytes`);
    throw this.#refusal('PUT', sha256, answer);
  }

  async get(sha256: string, { signal }: BlobOptions = {}): Promise<Uint8Array> {
    requireBlobDigest(sha256);
    const answer = await this.#transfer('GET', sha256, signal);
    const { status, bytes } = answer;
    if (bytes === undefined) throw tooLargeBlob(`more than ${LARGEST_BLOB_BYTES} bytes`);
    if (status !== 200) throw this.#refusal('GET', sha256, answer);
    const got = hexDigestOf(bytes);
    if (got !== sha256) throw corruptedBlob(got, sha256);
    return bytes;
  }

  /** By the code, not the status: a wrong address answers 404, too. */
  #refusal(method: 'GET' | 'PUT', sha256: string, { status, bytes }: ByteAnswer): Error {
    const code = codeOf(bytes);
    if (code === 'QUEUE_BLOB_UNKNOWN') return unknownBlob(sha256);
    if (code === 'QUEUE_BLOB_CORRUPTED') return corruptedBlob('damaged on the server', sha256);
    return this.#server.unusable(requestOf(method, sha256), `status ${status}`);
  }

  async #transfer(
    method: 'GET' | 'PUT',
    sha256: string,
    signal: AbortSignal | undefined,
    body?: Uint8Array,
  ): Promise<ByteAnswer> {
    const timeout = AbortSignal.timeout(TRANSFER_MS);
    const request = {
      ...requestOf(method, sha256),
      ...(body === undefined ? {} : { body }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    };
    try {
      return await this.#server.requestBytes(request, LARGEST_BLOB_BYTES);
    } catch (error) {
      if (error !== timeout.reason) throw error;
      throw this.#server.unusable(request, `no end within ${TRANSFER_MS} ms`);
    }
  }
}

function requestOf(method: 'GET' | 'PUT', sha256: string): ArtifactRequest {
  return { method, path: servicePath('blob', { sha256 }) };
}

/** Of the service's error; undefined where something else answered. */
function codeOf(body: Uint8Array | undefined): string | undefined {
  try {
    const answer = parseJson(new TextDecoder().decode(body), 'the answer');
    return readSchema(ServiceErrorSchema, answer, 'the answer').error.code;
  } catch {
    return undefined;
  }
}
