import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { bn254 } from '@noble/curves/bn254.js';
import {
  ChunkWriter,
  type ConstraintSystem,
  circuitDigest,
  constraintStatistics,
  domainSizeLog2,
  publicSignalCount,
  type VerificationKeyJson,
} from '@zkinfer/core';
import { sha256File } from '@zkinfer/core/node';
import { decodePoint, G1_ENCODING, G2_ENCODING } from '../curve/point-encoding.ts';
import { readWholeFile } from '../files/read-file.ts';
import { isCeremonyKey, readContributions } from '../formats/contribution-section.ts';
import { type ProvingKeyFile, readProvingKey, ZKEY_SECTION } from '../formats/zkey-file.ts';
import { verifyCeremony } from '../setup/ceremony.ts';
import { writeCoefficientSection } from '../setup/coefficient-section.ts';
import { exportVerificationKey } from '../setup/export-verification-key.ts';
import type { CeremonySetupRecord, SetupRecord } from '../setup/setup-record.ts';
import { differingMembers } from './compare-keys.ts';

/** What is audited. */
export interface KeyAuditSubject {
  /** Rebuilt by the auditor, from the model. */
  readonly system: ConstraintSystem;
  readonly keyPath: string;
  /** The contents of `setup.json`. */
  readonly setup: SetupRecord;
  /** The contents of `verification_key.json`. */
  readonly verificationKey: VerificationKeyJson;
  /** The powers of tau that the setup names; without it a ceremony cannot be verified. */
  readonly ptauPath?: string;
}

/** The outcome of one check; `open` means that it could not be made, `detail` says why. */
export interface AuditFinding {
  readonly check: string;
  readonly outcome: 'passed' | 'failed' | 'open';
  readonly detail?: string;
}

/** All findings, and what they come to. */
export interface KeyAudit {
  /** Whether every check passed. */
  readonly sound: boolean;
  /** Whether nothing contradicts the claim, open questions aside. */
  readonly consistent: boolean;
  readonly findings: readonly AuditFinding[];
}

/**
 * Checks a proving key against the system it claims to be for. A ceremony's key is verified by
 * snarkjs from system, powers of tau and transcript, which leaves nothing to trust but the
 * contributors. Of a development key only the linkage can be checked: its secrets may have been
 * kept, so that question stays open and the audit is never `sound`.
 * @throws InputError CORE_FORMAT_* (not a key); EnvironmentError CORE_READ_FAILED; IntegrityError
 *   PROVER_SNARKJS_FAILED
 */
export async function auditKey(subject: KeyAuditSubject): Promise<KeyAudit> {
  const key = readProvingKey(await readWholeFile(subject.keyPath));
  const findings = [
    ...checkDigests(subject, key),
    checkCounts(subject.system, key),
    checkCoefficients(subject.system, key),
    checkVerificationKey(subject.verificationKey, key),
    checkRatios(key),
    ...(subject.setup.kind === 'development'
      ? [checkDevelopmentKind(key)]
      : await checkCeremony(subject, subject.setup, key)),
  ];
  return {
    sound: findings.every(({ outcome }) => outcome === 'passed'),
    consistent: findings.every(({ outcome }) => outcome !== 'failed'),
    findings,
  };
}

function checkDigests({ system, setup }: KeyAuditSubject, key: ProvingKeyFile): AuditFinding[] {
  const sha256 = createHash('sha256').update(key.bytes).digest('hex');
  return [
    finding('key digest is the one in setup.json', sha256 === setup.keySha256),
    finding(
      'setup.json names the digest of this circuit',
      circuitDigest(system) === setup.circuitDigest,
    ),
  ];
}

function checkCounts(system: ConstraintSystem, { header }: ProvingKeyFile): AuditFinding {
  return finding(
    'key has the wires, public signals and domain of the circuit',
    header.wires === system.wires &&
      header.publicSignals === publicSignalCount(system) &&
      header.domainSize === 2 ** domainSizeLog2(system),
  );
}

/**
 * Both our writer and snarkjs store the terms in the order of the rows, so equal bytes are what to
 * expect.
 */
function checkCoefficients(system: ConstraintSystem, { container }: ProvingKeyFile): AuditFinding {
  const section = container.section(ZKEY_SECTION.coefficients, 'coefficients');
  let at = 0;
  let equal = true;
  const writer = new ChunkWriter((chunk) => {
    equal &&= Buffer.compare(chunk, section.subarray(at, at + chunk.length)) === 0;
    at += chunk.length;
  });
  writeCoefficientSection(system, constraintStatistics(system), writer);
  writer.flush();
  return finding('key holds the coefficients of the circuit', equal && at === section.length);
}

function checkVerificationKey(claimed: VerificationKeyJson, key: ProvingKeyFile): AuditFinding {
  const differing = differingMembers(claimed, exportVerificationKey(key));
  return finding(
    'verification_key.json is the one inside the proving key',
    differing.length === 0,
    differing.length === 0 ? undefined : `differing: ${differing.join(', ')}`,
  );
}

/** e(X₁, G₂) = e(G₁, X₂): the header names β and δ in both groups. */
function checkRatios({ header }: ProvingKeyFile): AuditFinding {
  const { G1, G2, pairing, fields } = bn254;
  const sameLogarithm = (inG1: Uint8Array, inG2: Uint8Array) => {
    const [p, q] = [decodePoint(G1_ENCODING, inG1), decodePoint(G2_ENCODING, inG2)];
    if (p === null || q === null) return false;
    const [p1, q2] = [G1.Point.fromAffine(p), G2.Point.fromAffine(q)];
    if (!isValid(p1) || !isValid(q2)) return false;
    return fields.Fp12.eql(pairing(p1, G2.Point.BASE), pairing(G1.Point.BASE, q2));
  };
  return finding(
    'beta and delta agree between the two groups',
    sameLogarithm(header.beta1, header.beta2) && sameLogarithm(header.delta1, header.delta2),
  );
}

function isValid(point: { assertValidity(): void }): boolean {
  try {
    point.assertValidity();
    return true;
  } catch {
    return false;
  }
}

function checkDevelopmentKind(key: ProvingKeyFile): AuditFinding {
  const check = 'secrets of the setup are unknown to everyone';
  if (isCeremonyKey(key)) {
    return { check, outcome: 'failed', detail: 'setup.json says development, the key a ceremony' };
  }
  return { check, outcome: 'open', detail: 'a development key: only its maker can know' };
}

async function checkCeremony(
  { system, keyPath, ptauPath }: KeyAuditSubject,
  setup: CeremonySetupRecord,
  key: ProvingKeyFile,
): Promise<AuditFinding[]> {
  const transcript = 'setup.json names the contributions inside the key';
  const verified = 'key follows from powers of tau and contributions';
  if (!isCeremonyKey(key)) {
    return [{ check: transcript, outcome: 'failed', detail: 'it is a development key' }];
  }
  const { contributions } = readContributions(key);
  const contributionsFinding = finding(
    transcript,
    contributions.length > 0 && isDeepStrictEqual(contributions, setup.contributions),
    contributions.length === 0 ? 'nobody has contributed' : undefined,
  );
  if (ptauPath === undefined) {
    const detail = 'needs the powers of tau';
    return [contributionsFinding, { check: verified, outcome: 'open', detail }];
  }
  const ptauMatches = (await sha256File(ptauPath)).sha256 === setup.ptauSha256;
  const verdict = await verifyCeremony(system, ptauPath, keyPath);
  return [
    contributionsFinding,
    finding('powers of tau are the ones that setup.json names', ptauMatches),
    finding(verified, verdict.valid, verdict.valid ? undefined : verdict.reason),
  ];
}

function finding(check: string, passed: boolean, detail?: string): AuditFinding {
  const outcome = passed ? 'passed' : 'failed';
  return detail === undefined ? { check, outcome } : { check, outcome, detail };
}
