/**
 * A compiled directory on disk: files, and a manifest that is written after them. Every write is
 * atomic; what is read is compared with the manifest.
 */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeManifest,
  encodeManifest,
  type FileRecord,
  MANIFEST_FILE,
  type Manifest,
  requireFileName,
} from '../artifacts/manifest.ts';
import { InputError, IntegrityError } from '../errors.ts';
import {
  type AtomicFile,
  openAtomicFile,
  removeLeftovers,
  writeFileAtomically,
} from './atomic-write.ts';
import { readError, writeError } from './file-errors.ts';
import { makeFolder } from './make-folder.ts';
import { sha256File } from './sha256-file.ts';

/** A file's content, or a function that appends it in parts. */
export type ArtifactContent = Uint8Array | string | ((file: AtomicFile) => Promise<void>);

/** The manifest's statements about a directory as a whole. */
export type ManifestTies = Omit<Manifest, 'format' | 'version' | 'files'>;

/** An open compiled directory. One process writes at a time: the last manifest written wins. */
export class ArtifactDirectory {
  readonly path: string;
  #manifest: Manifest;

  private constructor(path: string, manifest: Manifest) {
    this.path = path;
    this.#manifest = manifest;
  }

  /**
   * Opens a finished directory. Its files are checked when they are read, or by `verify`.
   * @throws InputError CORE_ARTIFACT_NO_MANIFEST if there is none, and what `decodeManifest` throws
   */
  static async open(path: string): Promise<ArtifactDirectory> {
    const text = await readFile(join(path, MANIFEST_FILE), 'utf8').catch((cause: unknown) => {
      throw manifestError(cause, path);
    });
    return new ArtifactDirectory(path, decodeManifest(text));
  }

  /**
   * Makes a directory, or begins an existing one anew: files not given here are no longer listed,
   * though not deleted. The old manifest goes first and the new one comes last, so an interrupted
   * run leaves an unfinished directory.
   * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED
   */
  static async create(
    path: string,
    ties: ManifestTies,
    files: Readonly<Record<string, ArtifactContent>>,
  ): Promise<ArtifactDirectory> {
    try {
      await makeFolder(path);
      await removeLeftovers(path);
      await rm(join(path, MANIFEST_FILE), { force: true });
    } catch (cause) {
      throw writeError(cause, path);
    }
    const empty: Manifest = { format: 'zkinfer-manifest', version: 1, ...ties, files: {} };
    const directory = new ArtifactDirectory(path, empty);
    await directory.put(files);
    return directory;
  }

  /** As last read or written. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#manifest.files, name);
  }

  /**
   * Where a listed file lies.
   * @throws InputError CORE_ARTIFACT_UNLISTED
   */
  pathOf(name: string): string {
    this.#record(name);
    return join(this.path, name);
  }

  /**
   * The bytes of a listed file, as they were when it was listed.
   * @throws InputError CORE_ARTIFACT_UNLISTED, CORE_FILE_MISSING; IntegrityError
   * CORE_ARTIFACT_TAMPERED
   */
  async read(name: string): Promise<Uint8Array> {
    const path = this.pathOf(name);
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw readError(cause, path);
    });
    requireSame(name, this.#record(name), {
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    return bytes;
  }

  /** The text of a listed UTF-8 file. @throws as `read` */
  async readText(name: string): Promise<string> {
    return new TextDecoder().decode(await this.read(name));
  }

  /**
   * Compares files with the manifest, all unless named, without holding them in memory.
   * @throws InputError CORE_ARTIFACT_UNLISTED, CORE_FILE_MISSING; IntegrityError
   * CORE_ARTIFACT_TAMPERED
   */
  async verify(names: readonly string[] = Object.keys(this.#manifest.files)): Promise<void> {
    for (const name of names) {
      requireSame(name, this.#record(name), await sha256File(this.pathOf(name)));
    }
  }

  /**
   * Adds or replaces files, then the manifest with them and with the ties that change.
   * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED; InputError
   * CORE_MANIFEST_FILE_NAME
   */
  async put(
    files: Readonly<Record<string, ArtifactContent>>,
    ties: Partial<ManifestTies> = {},
  ): Promise<void> {
    Object.keys(files).forEach(requireFileName);
    const records: Record<string, FileRecord> = {};
    for (const [name, content] of Object.entries(files)) {
      records[name] = await writeContent(join(this.path, name), content);
    }
    await this.#rewrite(records, ties);
  }

  /**
   * Lists files that others have written into the directory (a key made in place), as they are now.
   * @throws InputError CORE_FILE_MISSING, CORE_MANIFEST_FILE_NAME, and as `put`
   */
  async adopt(names: readonly string[], ties: Partial<ManifestTies> = {}): Promise<void> {
    const records: Record<string, FileRecord> = {};
    for (const name of names) {
      records[name] = await sha256File(join(this.path, requireFileName(name)));
    }
    await this.#rewrite(records, ties);
  }

  async #rewrite(records: Record<string, FileRecord>, ties: Partial<ManifestTies>): Promise<void> {
    const files = { ...this.#manifest.files, ...records };
    const manifest = { ...this.#manifest, ...ties, files };
    await writeFileAtomically(join(this.path, MANIFEST_FILE), encodeManifest(manifest));
    this.#manifest = manifest;
  }

  #record(name: string): FileRecord {
    if (this.has(name)) return this.#manifest.files[name]!;
    throw new InputError({
      code: 'CORE_ARTIFACT_UNLISTED',
      what: `${this.path} has no ${name}`,
      expected: `one of ${Object.keys(this.#manifest.files).join(', ')}`,
      hint: 'The step that makes it has not been run, or was interrupted.',
    });
  }
}

async function writeContent(path: string, content: ArtifactContent): Promise<FileRecord> {
  if (typeof content !== 'function') return writeFileAtomically(path, content);
  const file = await openAtomicFile(path);
  try {
    await content(file);
    return await file.commit();
  } catch (error) {
    await file.abort();
    throw error;
  }
}

function requireSame(name: string, expected: FileRecord, got: FileRecord): void {
  if (got.sha256 === expected.sha256 && got.bytes === expected.bytes) return;
  throw new IntegrityError({
    code: 'CORE_ARTIFACT_TAMPERED',
    what: `${name} is not the file that the manifest lists`,
    got: `${got.bytes} bytes, SHA-256 ${got.sha256}`,
    expected: `${expected.bytes} bytes, SHA-256 ${expected.sha256}`,
    hint: 'Restore the file, or run the step that makes it again.',
  });
}

function manifestError(cause: unknown, path: string): Error {
  const error = readError(cause, join(path, MANIFEST_FILE));
  if (error.code !== 'CORE_FILE_MISSING') return error;
  return new InputError({
    code: 'CORE_ARTIFACT_NO_MANIFEST',
    what: `${path} is not a compiled model`,
    got: `no ${MANIFEST_FILE}`,
    hint: 'Compile a model into it; an interrupted compilation must be run again.',
    cause,
  });
}
