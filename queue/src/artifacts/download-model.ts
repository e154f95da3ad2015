/** A compiled directory from a server: whole and checked, or not there at all. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeManifest,
  InputError,
  IntegrityError,
  MANIFEST_FILE,
  type Manifest,
} from '@zkinfer/core';
import {
  openAtomicFile,
  temporaryPathFor,
  writeError,
  writeFileAtomically,
} from '@zkinfer/core/node';
import { servicePath } from '@zkinfer/core/service';
import type { ArtifactRequest, ArtifactServer } from './artifact-server.ts';
import { MODEL_FILES, unknownModel } from './model-files.ts';

/** Which model, and where it goes. */
export interface ModelDownload {
  readonly server: ArtifactServer;
  /** Valid. */
  readonly modelDigest: string;
  /** Its parent exists. */
  readonly path: string;
  /** Of one file. */
  readonly largestFileBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const LARGEST_MANIFEST_BYTES = 1 << 20;

/**
 * The manifest that a server has for a model, as it stands there.
 * @throws InputError QUEUE_MODEL_UNKNOWN; IntegrityError QUEUE_MODEL_DAMAGED, QUEUE_MODEL_DIFFERS;
 *   EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE; the signal's reason when aborted
 */
export async function fetchManifest(
  server: ArtifactServer,
  modelDigest: string,
  signal?: AbortSignal,
): Promise<string> {
  const request = requestOf(modelDigest, MANIFEST_FILE, signal);
  const { status, bytes } = await server.requestBytes(request, LARGEST_MANIFEST_BYTES);
  if (status === 404) throw unknownModel(modelDigest);
  if (status !== 200) throw server.unusable(request, `status ${status}`);
  if (bytes === undefined) throw damaged(MANIFEST_FILE, 'more than 1 MiB');
  const text = new TextDecoder().decode(bytes);
  const got = readManifest(text).modelDigest;
  if (got === modelDigest) return text;
  throw new IntegrityError({
    code: 'QUEUE_MODEL_DIFFERS',
    what: 'the artifact server gave another model than the one asked for',
    got,
    expected: modelDigest,
  });
}

/**
 * Downloads the files that it takes to prove, and puts the directory in place of what was there when
 * each is as the manifest says.
 * @param manifest of `fetchManifest`
 * @throws IntegrityError QUEUE_MODEL_DAMAGED; EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE,
 *   CORE_DISK_FULL, CORE_WRITE_*; the signal's reason when aborted
 */
export async function downloadModel(download: ModelDownload, manifest: string): Promise<void> {
  const temporary = temporaryPathFor(download.path);
  try {
    await mkdir(temporary);
    const decoded = readManifest(manifest);
    for (const name of MODEL_FILES) await downloadFile(download, decoded, name, temporary);
    await writeFileAtomically(join(temporary, MANIFEST_FILE), manifest);
    await replaceDirectory(temporary, download.path);
  } catch (error) {
    throw writeError(error, download.path);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What was there stays until the other is whole: readers find one of them, but for an instant. */
async function replaceDirectory(temporary: string, path: string): Promise<void> {
  const aside = temporaryPathFor(path);
  try {
    await rename(path, aside).catch(unless('ENOENT'));
    // Another process may have put the same model there since; then that one stays.
    await rename(temporary, path).catch(unless('ENOTEMPTY', 'EEXIST'));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function unless(...codes: readonly string[]): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
}

async function downloadFile(
  { server, modelDigest, largestFileBytes, signal }: ModelDownload,
  { files }: Manifest,
  name: string,
  folder: string,
): Promise<void> {
  const record = Object.hasOwn(files, name) ? files[name]! : undefined;
  if (record === undefined) throw damaged(name, 'not in the manifest');
  if (record.bytes > largestFileBytes) throw damaged(name, `${record.bytes} bytes`);
  const request = requestOf(modelDigest, name, signal);
  const { status, body } = await server.request(request);
  if (status !== 200) {
    body.destroy();
    throw server.unusable(request, `status ${status}`);
  }
  const file = await openAtomicFile(join(folder, name));
  try {
    let bytes = 0;
    for await (const chunk of receive(server, request, body)) {
      bytes += chunk.length;
      if (bytes > record.bytes) throw damaged(name, `more than ${record.bytes} bytes`);
      await file.append(chunk);
    }
    const { sha256 } = await file.commit();
    if (sha256 !== record.sha256) throw damaged(name, `SHA-256 ${sha256}`);
  } finally {
    await file.abort();
  }
}

/** The chunks of a body; what breaks it off is the server's failure, not the disk's. */
async function* receive(
  server: ArtifactServer,
  request: ArtifactRequest,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw server.failureOf(request, cause);
  }
}

function requestOf(
  modelDigest: string,
  name: string,
  signal: AbortSignal | undefined,
): ArtifactRequest {
  return { method: 'GET', path: servicePath('modelFile', { modelDigest, name }), signal };
}

/** A server's manifest is nobody's input: where it is malformed it is damaged. */
function readManifest(text: string): Manifest {
  try {
    return decodeManifest(text);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw damaged(MANIFEST_FILE, cause.code);
  }
}

function damaged(name: string, got: string): IntegrityError {
  return new IntegrityError({
    code: 'QUEUE_MODEL_DAMAGED',
    what: `${name} of the artifact server is not what a compiled directory holds`,
    got,
    hint: 'Put the compiled directory on the server again.',
  });
}
