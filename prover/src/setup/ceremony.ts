/**
 * The second, circuit-specific phase of a setup, over snarkjs: contributions, a beacon to close it,
 * verification.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  type ConstraintSystem,
  collectChunks,
  InputError,
  IntegrityError,
  writeR1cs,
} from '@zkinfer/core';
import * as snarkjs from 'snarkjs';
import { readWholeFile } from '../files/read-file.ts';
import { replaceFile } from '../files/replace-file.ts';
import { isCeremonyKey, readContributions } from '../formats/contribution-section.ts';
import { type ProvingKeyFile, readProvingKey } from '../formats/zkey-file.ts';
import { isContributed } from './assert-contributed.ts';
import { callSnarkjs, snarkjsError } from './call-snarkjs.ts';
import type { BeaconRecord, CeremonySetupRecord } from './setup-record.ts';

/** snarkjs stores a name in at most this many characters, and in 255 bytes. */
const MAX_NAME_LENGTH = 64;

/** Above 2^32 hashes a beacon takes hours to apply and to verify; snarkjs wants 2^10 at least. */
const BEACON_ITERATIONS_LOG2 = { least: 10, most: 32 } as const;

/** Who contributes, and what they add to the randomness of the operating system. */
export interface Contributor {
  readonly name: string;
  /**
   * Any text; unpredictable to others, and forgotten. Optional: 64 random bytes are drawn in any
   * case.
   */
  readonly entropy?: string;
}

/** Whether a ceremony's key is what its inputs and contributions make it. */
export type CeremonyVerdict =
  | { readonly valid: true }
  | { readonly valid: false; readonly reason: string };

/**
 * Adds a contribution to a ceremony's key. If at least one contributor forgets their randomness,
 * the key is sound.
 * @param toPath where the new key goes, replaced when complete; may be `fromPath`
 * @returns the new contents of `setup.json`
 * @throws InputError PROVER_CONTRIBUTOR_NAME; IntegrityError PROVER_KEY_NOT_CEREMONY,
 *   PROVER_KEY_ALTERED, PROVER_SNARKJS_FAILED; errors of reading and writing (CORE_*)
 */
export async function contributeToKey(
  fromPath: string,
  toPath: string,
  setup: CeremonySetupRecord,
  { name, entropy = '' }: Contributor,
): Promise<CeremonySetupRecord> {
  requireName(name);
  const drawn = entropy + randomBytes(64).toString('hex');
  return changeKey(fromPath, toPath, setup, 'contribute to the key', (temporary, logger) =>
    snarkjs.zKey.contribute(fromPath, temporary, name, drawn, logger),
  );
}

/**
 * Closes a ceremony with public randomness that nobody could know when the last contribution was
 * made.
 * @returns the new contents of `setup.json`
 * @throws InputError PROVER_BEACON_INVALID, PROVER_CONTRIBUTOR_NAME; else as `contributeToKey`
 */
export async function applyBeacon(
  fromPath: string,
  toPath: string,
  setup: CeremonySetupRecord,
  name: string,
  beacon: BeaconRecord,
): Promise<CeremonySetupRecord> {
  requireName(name);
  requireBeacon(beacon);
  return changeKey(fromPath, toPath, setup, 'apply the beacon', (temporary, logger) =>
    snarkjs.zKey.beacon(fromPath, temporary, name, beacon.value, beacon.iterationsLog2, logger),
  );
}

/**
 * Verifies a ceremony's key: someone has contributed, every contribution is what it says, and the
 * points follow from the system, the powers of tau and the contributions.
 * @throws InputError PROVER_BEACON_INVALID for a beacon that would take hours to check;
 *   IntegrityError PROVER_KEY_NOT_CEREMONY, PROVER_SNARKJS_FAILED
 */
export async function verifyCeremony(
  system: ConstraintSystem,
  ptauPath: string,
  keyPath: string,
): Promise<CeremonyVerdict> {
  const key = await readCeremonyKey(keyPath);
  if (!isContributed(key.header)) return { valid: false, reason: 'nobody has contributed' };
  for (const { beacon } of readContributions(key).contributions) {
    if (beacon !== undefined) requireBeacon(beacon);
  }
  const r1cs = collectChunks((consumer) => writeR1cs(system, consumer));
  const { result, complaint } = await callSnarkjs('verify the key', (logger) =>
    snarkjs.zKey.verifyFromR1cs(
      { type: 'mem', data: r1cs },
      ptauPath,
      { type: 'mem', data: key.bytes },
      logger,
    ),
  );
  return result ? { valid: true } : { valid: false, reason: complaint ?? 'snarkjs gave none' };
}

/** The contents of `setup.json` for a ceremony's key as it lies there. */
export async function describeCeremonyKey(
  keyPath: string,
  circuitDigest: string,
  ptauSha256: string,
): Promise<CeremonySetupRecord> {
  const key = await readCeremonyKey(keyPath);
  return {
    version: 1,
    kind: 'ceremony',
    circuitDigest,
    keySha256: createHash('sha256').update(key.bytes).digest('hex'),
    keyBytes: key.bytes.length,
    ptauSha256,
    contributions: readContributions(key).contributions,
  };
}

async function changeKey(
  fromPath: string,
  toPath: string,
  setup: CeremonySetupRecord,
  what: string,
  change: (temporary: string, logger: snarkjs.Logger) => Promise<Uint8Array | false>,
): Promise<CeremonySetupRecord> {
  const before = await readCeremonyKey(fromPath);
  const sha256 = createHash('sha256').update(before.bytes).digest('hex');
  if (sha256 !== setup.keySha256) throw alteredError(fromPath, sha256, setup.keySha256);
  await replaceFile(toPath, async (temporary) => {
    const { result, complaint } = await callSnarkjs(what, (logger) => change(temporary, logger));
    if (result === false) throw snarkjsError(what, complaint);
  });
  return describeCeremonyKey(toPath, setup.circuitDigest, setup.ptauSha256);
}

async function readCeremonyKey(keyPath: string): Promise<ProvingKeyFile> {
  const key = readProvingKey(await readWholeFile(keyPath));
  if (isCeremonyKey(key)) return key;
  throw new IntegrityError({
    code: 'PROVER_KEY_NOT_CEREMONY',
    what: `${keyPath} is a development key: no ceremony can make it trustworthy`,
    hint: 'Begin with `zkinfer setup DIR --ptau FILE`.',
  });
}

function requireName(name: string): void {
  const bytes = new TextEncoder().encode(name).length;
  if (name.length > 0 && name.length <= MAX_NAME_LENGTH && bytes < 256) return;
  throw new InputError({
    code: 'PROVER_CONTRIBUTOR_NAME',
    what: 'a contribution needs a name that fits into the key',
    got: `${name.length} characters`,
    expected: `1 to ${MAX_NAME_LENGTH} characters, fewer than 256 bytes`,
  });
}

function requireBeacon({ value, iterationsLog2 }: BeaconRecord): void {
  const { least, most } = BEACON_ITERATIONS_LOG2;
  const isHex = /^([0-9a-fA-F]{2}){1,255}$/.test(value);
  const inRange = Number.isInteger(iterationsLog2);
  if (isHex && inRange && iterationsLog2 >= least && iterationsLog2 <= most) return;
  throw new InputError({
    code: 'PROVER_BEACON_INVALID',
    what: 'the beacon cannot be used',
    got: `${value.length} characters, 2^${iterationsLog2} iterations`,
    expected: `1 to 255 bytes as hex digits without 0x, 2^${least} to 2^${most} iterations`,
  });
}

function alteredError(path: string, got: string, expected: string): IntegrityError {
  return new IntegrityError({
    code: 'PROVER_KEY_ALTERED',
    what: `the proving key ${path} is not the one that setup.json describes`,
    got,
    expected,
    hint: 'Someone has changed one and not the other: restore both.',
  });
}
