/**
 * The setup in a compiled directory: proving key, verification key and the record of how they were
 * made.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  canonicalJson,
  InputError,
  IntegrityError,
  parseJson,
  SETUP_FILES,
  sha256Hex,
  type VerificationKeyJson,
} from '@zkinfer/core';
import type { ArtifactDirectory } from '@zkinfer/core/node';
import { readWholeFile } from '../files/read-file.ts';
import { parseVerificationKey } from '../formats/verification-key-json.ts';
import { readProvingKey } from '../formats/zkey-file.ts';
import {
  type LoadedProvingKey,
  type LoadOptions,
  loadProvingKey,
} from '../prove/load-proving-key.ts';
import { isContributed } from './assert-contributed.ts';
import { exportVerificationKey } from './export-verification-key.ts';
import type { SetupRecord } from './setup-record.ts';
import { decodeSetupRecord, encodeSetupRecord } from './setup-record-file.ts';

/** The path of a directory's proving key, whether it is there or not. */
export function provingKeyPath(directory: ArtifactDirectory): string {
  return join(directory.path, SETUP_FILES.provingKey);
}

/** The record of a directory's setup, undefined before one is made. */
export async function findSetupRecord(
  directory: ArtifactDirectory,
): Promise<SetupRecord | undefined> {
  if (!directory.has(SETUP_FILES.record)) return undefined;
  const path = join(directory.path, SETUP_FILES.record);
  return decodeSetupRecord(new TextDecoder().decode(await readWholeFile(path)));
}

/** The record of a directory's setup. @throws InputError PROVER_NO_KEY */
export async function requireSetupRecord(directory: ArtifactDirectory): Promise<SetupRecord> {
  const record = await findSetupRecord(directory);
  if (record !== undefined) return record;
  throw new InputError({
    code: 'PROVER_NO_KEY',
    what: `${directory.path} has no keys yet`,
    hint: `Run: npx zkinfer setup ${directory.path} --development`,
  });
}

/**
 * The proving key of a directory, checked against circuit, record and manifest.
 * @throws InputError PROVER_NO_KEY; IntegrityError PROVER_KEY_MISMATCH, PROVER_KEY_ALTERED,
 *   CORE_ARTIFACT_TAMPERED, …
 */
export async function loadStoredKey(
  directory: ArtifactDirectory,
  options: LoadOptions = {},
): Promise<LoadedProvingKey> {
  const setup = await requireSetupRecord(directory);
  const { circuitDigest } = directory.manifest;
  const key = await loadProvingKey(provingKeyPath(directory), { circuitDigest, setup }, options);
  await directory.verify([SETUP_FILES.record, SETUP_FILES.verificationKey]);
  return key;
}

/**
 * The verification key of a directory.
 * @throws InputError PROVER_NO_KEY, PROVER_VERIFICATION_KEY_MALFORMED; IntegrityError
 *   CORE_ARTIFACT_TAMPERED, PROVER_VERIFICATION_KEY_MIXED
 */
export async function readVerificationKey(
  directory: ArtifactDirectory,
): Promise<VerificationKeyJson> {
  await requireSetupRecord(directory);
  const text = await directory.readText(SETUP_FILES.verificationKey);
  requireVerificationKey(directory, text);
  const key = parseJson(text, SETUP_FILES.verificationKey);
  parseVerificationKey(key);
  return key as VerificationKeyJson;
}

/**
 * Lists a key that was written into the directory, with its record and, once it can prove
 * something, its verification key.
 */
export async function storeSetup(directory: ArtifactDirectory, record: SetupRecord): Promise<void> {
  const files = { [SETUP_FILES.record]: encodeSetupRecord(record) };
  const key = readProvingKey(await readWholeFile(provingKeyPath(directory)));
  if (isContributed(key.header)) {
    const text = encodeVerificationKey(exportVerificationKey(key));
    const verificationKeyDigest = sha256Hex(new TextEncoder().encode(text));
    await directory.put({ ...files, [SETUP_FILES.verificationKey]: text });
    await directory.adopt([SETUP_FILES.provingKey], { verificationKeyDigest });
  } else {
    await rm(join(directory.path, SETUP_FILES.verificationKey), { force: true });
    await directory.put(files);
    await directory.adopt([SETUP_FILES.provingKey]);
  }
}

function requireVerificationKey({ path, manifest }: ArtifactDirectory, text: string): void {
  const digest = sha256Hex(text);
  if (digest === manifest.verificationKeyDigest) return;
  throw new IntegrityError({
    code: 'PROVER_VERIFICATION_KEY_MIXED',
    what: `${path} has another verification key than its manifest names`,
    got: digest,
    expected: manifest.verificationKeyDigest ?? 'none',
    hint: 'Restore the directory, or run `zkinfer setup` again.',
  });
}

function encodeVerificationKey(key: VerificationKeyJson): string {
  return canonicalJson({ ...key });
}
