import { createHash } from 'node:crypto';
import { IntegrityError, type VerificationKeyJson } from '@zkinfer/core';
import { readWholeFile } from '../files/read-file.ts';
import { type ProvingKeyFile, readProvingKey } from '../formats/zkey-file.ts';
import { assertContributed } from '../setup/assert-contributed.ts';
import { exportVerificationKey } from '../setup/export-verification-key.ts';
import type { SetupRecord } from '../setup/setup-record.ts';

/** A proving key in memory, checked; load once, prove many times. */
export interface LoadedProvingKey {
  readonly file: ProvingKeyFile;
  readonly verificationKey: VerificationKeyJson;
}

/** What the key must be, as the compiled directory says. */
export interface ProvingKeyExpectation {
  /** Of the circuit to prove for. */
  readonly circuitDigest: string;
  /** The contents of `setup.json`. */
  readonly setup: SetupRecord;
}

/**
 * Reads a proving key and refuses, before any proving, one that is not exactly the key that the
 * setup made for the circuit.
 * @throws IntegrityError PROVER_KEY_MISMATCH (made for another circuit), PROVER_KEY_ALTERED (other
 *   bytes than the setup recorded), PROVER_KEY_UNCONTRIBUTED; InputError CORE_FORMAT_* (not a key);
 *   CORE_FILE_MISSING; EnvironmentError CORE_READ_FAILED
 */
export async function loadProvingKey(
  path: string,
  { circuitDigest, setup }: ProvingKeyExpectation,
): Promise<LoadedProvingKey> {
  if (setup.circuitDigest !== circuitDigest)
    throw mismatchError(setup.circuitDigest, circuitDigest);
  const bytes = await readWholeFile(path);
  const file = readProvingKey(bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== setup.keySha256) throw alteredError(path, sha256, setup.keySha256);
  return provingKeyFromFile(file);
}

/**
 * A key whose origin is beyond doubt, such as one just made in memory.
 * @throws IntegrityError PROVER_KEY_UNCONTRIBUTED
 */
export function provingKeyFromFile(file: ProvingKeyFile): LoadedProvingKey {
  assertContributed(file.header);
  return { file, verificationKey: exportVerificationKey(file) };
}

function mismatchError(got: string, expected: string): IntegrityError {
  return new IntegrityError({
    code: 'PROVER_KEY_MISMATCH',
    what: 'the proving key was made for another circuit',
    got,
    expected,
    hint: 'Run `zkinfer setup` again for this circuit.',
  });
}

function alteredError(path: string, got: string, expected: string): IntegrityError {
  return new IntegrityError({
    code: 'PROVER_KEY_ALTERED',
    what: `the proving key ${path} is not the one that the setup made`,
    got,
    expected,
    hint: 'Restore the file, or run `zkinfer setup` again.',
  });
}
