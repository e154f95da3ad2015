/** What a proof is made from, as files: key, witness, verification key. */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type ConstraintSystem,
  canonicalJson,
  circuitDigest,
  type Progress,
  type Witness,
  writeWtns,
  ZkinferError,
} from '@zkinfer/core';
import { openAtomicFile, writeFileAtomically } from '@zkinfer/core/node';
import {
  decodeSetupRecord,
  developmentSetup,
  encodeSetupRecord,
  exportVerificationKey,
  type LoadedProvingKey,
  loadProvingKey,
  readProvingKey,
} from '@zkinfer/prover';
import { CACHE } from '../paths.ts';

/** Paths of the files that a setup makes. */
export interface KeyFiles {
  readonly keyPath: string;
  readonly setupPath: string;
  readonly verificationKeyPath: string;
}

/** Paths of files that belong together. */
export interface ProofFiles extends KeyFiles {
  readonly witnessPath: string;
}

/** The names under which the paths go to contestants. */
export type ProofInputs = ProofFiles & Readonly<Record<string, string>>;

/**
 * Writes the witness, and makes a development key unless the cache has one of this circuit.
 * @throws as `developmentSetup` and writing do
 */
export async function writeProofFiles(
  system: ConstraintSystem,
  witness: Witness,
  progress: Progress,
  cache: string = CACHE,
): Promise<ProofInputs> {
  const digest = circuitDigest(system);
  const keyFiles = keyFilesOf(digest, cache);
  const folder = dirname(keyFiles.keyPath);
  await mkdir(folder, { recursive: true });
  const wtns = writeWtns(witness);
  const name = createHash('sha256').update(wtns).digest('hex').slice(0, 16);
  const files = { ...keyFiles, witnessPath: join(folder, `${name}.wtns`) };
  await writeFileAtomically(files.witnessPath, wtns);
  if (!(await hasKey(files, digest))) {
    progress.stage('development setup');
    await makeKey(system, files);
  }
  return files;
}

/** Where the key of a circuit is in the cache, whether it is there or not. */
export function keyFilesOf(digest: string, cache: string = CACHE): KeyFiles {
  const folder = join(cache, 'keys', digest.slice(0, 16));
  return {
    keyPath: join(folder, 'proving_key.zkey'),
    setupPath: join(folder, 'setup.json'),
    verificationKeyPath: join(folder, 'verification_key.json'),
  };
}

/** The key of such files. @throws as `loadProvingKey` */
export async function loadKey({ keyPath, setupPath }: KeyFiles): Promise<LoadedProvingKey> {
  const setup = decodeSetupRecord(await readFile(setupPath, 'utf8'));
  return loadProvingKey(keyPath, { circuitDigest: setup.circuitDigest, setup });
}

async function hasKey(files: KeyFiles, digest: string): Promise<boolean> {
  try {
    const setup = decodeSetupRecord(await readFile(files.setupPath, 'utf8'));
    await loadProvingKey(files.keyPath, { circuitDigest: digest, setup });
    return true;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing || error instanceof ZkinferError) return false;
    throw error;
  }
}

/** Makes a development key, in place of one that may be there. */
export async function makeKey(system: ConstraintSystem, files: KeyFiles): Promise<void> {
  await mkdir(dirname(files.keyPath), { recursive: true });
  const file = await openAtomicFile(files.keyPath);
  try {
    const setup = await developmentSetup(system, (bytes) => file.append(bytes));
    await file.commit();
    const key = readProvingKey(await readFile(files.keyPath));
    const verificationKey = canonicalJson({ ...exportVerificationKey(key) });
    await writeFileAtomically(files.verificationKeyPath, verificationKey);
    // The record comes last: with it, everything is there.
    await writeFileAtomically(files.setupPath, encodeSetupRecord(setup));
  } finally {
    await file.abort();
  }
}
