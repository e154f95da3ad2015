/**
 * `manifest.json` of a compiled directory: every file with its digest, and the digests that say
 * what belongs together. It is written last, so a directory without one is unfinished.
 */

import { InputError } from '../errors.ts';
import { canonicalJson } from './canonical-json.ts';
import {
  parseJson,
  readConstant,
  readHexDigest,
  readInteger,
  readObject,
  readRecord,
  readString,
} from './strict-json.ts';

/** One file as it was written. */
export interface FileRecord {
  readonly bytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** All digests are SHA-256 in 64 lower-case hexadecimal digits. */
export interface Manifest {
  readonly format: 'zkinfer-manifest';
  readonly version: 1;
  /** Version of zkinfer that wrote it. */
  readonly zkinfer: string;
  /** Of everything the compilation started from: model, weights, calibration data and options. */
  readonly sourceDigest: string;
  /** Of the canonical quantised network. */
  readonly modelDigest: string;
  /** Of the constraint system. */
  readonly circuitDigest: string;
  /** Of the verification key, once there is one. */
  readonly verificationKeyDigest?: string;
  /** By plain file name; the manifest itself is not listed. */
  readonly files: Readonly<Record<string, FileRecord>>;
}

/** The name under which a manifest is stored. */
export const MANIFEST_FILE = 'manifest.json';

/**
 * A letter first keeps names off options, hidden files and integer keys; no separators keeps them
 * inside the folder.
 */
const FILE_NAME = /^[A-Za-z][A-Za-z0-9._-]{0,127}$/;

/** The text of a manifest, files sorted by name. @throws InputError CORE_MANIFEST_FILE_NAME */
export function encodeManifest(manifest: Manifest): string {
  const names = Object.keys(manifest.files).sort();
  const files = Object.fromEntries(
    names.map((name) => {
      const { bytes, sha256 } = manifest.files[name]!;
      return [requireFileName(name), { bytes, sha256 }];
    }),
  );
  const { verificationKeyDigest } = manifest;
  return canonicalJson({
    format: manifest.format,
    version: manifest.version,
    zkinfer: manifest.zkinfer,
    sourceDigest: manifest.sourceDigest,
    modelDigest: manifest.modelDigest,
    circuitDigest: manifest.circuitDigest,
    ...(verificationKeyDigest === undefined ? {} : { verificationKeyDigest }),
    files,
  });
}

/**
 * Reads a manifest: these keys and no others.
 * @throws InputError CORE_JSON_SYNTAX, CORE_JSON_SHAPE, CORE_MANIFEST_FILE_NAME
 */
export function decodeManifest(text: string): Manifest {
  const object = readObject(
    parseJson(text, 'manifest'),
    'manifest',
    ['format', 'version', 'zkinfer', 'sourceDigest', 'modelDigest', 'circuitDigest', 'files'],
    ['verificationKeyDigest'],
  );
  const key = object.verificationKeyDigest;
  return {
    format: readConstant(object.format, 'manifest.format', 'zkinfer-manifest'),
    version: readConstant(object.version, 'manifest.version', 1),
    zkinfer: readString(object.zkinfer, 'manifest.zkinfer'),
    sourceDigest: readHexDigest(object.sourceDigest, 'manifest.sourceDigest'),
    modelDigest: readHexDigest(object.modelDigest, 'manifest.modelDigest'),
    circuitDigest: readHexDigest(object.circuitDigest, 'manifest.circuitDigest'),
    ...(key === undefined
      ? {}
      : { verificationKeyDigest: readHexDigest(key, 'manifest.verificationKeyDigest') }),
    files: readFiles(object.files),
  };
}

/**
 * The name itself, if a manifest may list it: a plain name inside the folder.
 * @throws InputError CORE_MANIFEST_FILE_NAME
 */
export function requireFileName(name: string): string {
  if (FILE_NAME.test(name) && name !== MANIFEST_FILE) return name;
  throw new InputError({
    code: 'CORE_MANIFEST_FILE_NAME',
    what: 'a manifest cannot list a file of this name',
    got: JSON.stringify(name),
    expected: `letters, digits, ".", "_" and "-", a letter first, not ${MANIFEST_FILE}`,
  });
}

function readFiles(value: unknown): Record<string, FileRecord> {
  const entries = Object.entries(readRecord(value, 'manifest.files')).map(([name, record]) => {
    const path = `manifest.files.${requireFileName(name)}`;
    const { bytes, sha256 } = readObject(record, path, ['bytes', 'sha256']);
    return [
      name,
      {
        bytes: readInteger(bytes, `${path}.bytes`),
        sha256: readHexDigest(sha256, `${path}.sha256`),
      },
    ];
  });
  return Object.fromEntries(entries);
}
