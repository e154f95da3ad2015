import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { circuitDigest, sha256Hex } from '@zkinfer/core';
import { denseRowSystem } from '@zkinfer/core/testing';
import { type ProvingKeyFile, ZKEY_SECTION } from '../formats/zkey-file.ts';
import { developmentKeyInMemory } from '../setup/development-key-in-memory.ts';
import { exportVerificationKey } from '../setup/export-verification-key.ts';
import type { DevelopmentSetupRecord } from '../setup/setup-record.ts';
import { auditKey, type KeyAuditSubject } from './audit-key.ts';

const { system } = denseRowSystem(4, 9, 12n);
let folder: string;
let key: ProvingKeyFile;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-audit-'));
  key = await developmentKeyInMemory(system);
});
after(() => rm(folder, { recursive: true }));

/** A key's audit subject, the record made for these very bytes. */
async function subjectOf(bytes: Uint8Array): Promise<KeyAuditSubject> {
  const keyPath = join(folder, 'audited.zkey');
  await writeFile(keyPath, bytes);
  const setup: DevelopmentSetupRecord = {
    version: 1,
    kind: 'development',
    circuitDigest: circuitDigest(system),
    keySha256: sha256Hex(bytes),
    keyBytes: bytes.length,
  };
  return { system, keyPath, setup, verificationKey: exportVerificationKey(key) };
}

async function failedChecks(subject: KeyAuditSubject): Promise<string[]> {
  const { findings } = await auditKey(subject);
  return findings.filter(({ outcome }) => outcome === 'failed').map(({ check }) => check);
}

test('behavior: a development key is consistent and never sound', async () => {
  const audit = await auditKey(await subjectOf(key.bytes));
  assert.equal(audit.consistent, true);
  assert.equal(audit.sound, false);
  assert.deepEqual(
    audit.findings.filter(({ outcome }) => outcome === 'open').map(({ check }) => check),
    ['secrets of the setup are unknown to everyone'],
  );
});

test('behavior: another circuit is found by digest, counts and coefficients', async () => {
  const subject = await subjectOf(key.bytes);
  assert.deepEqual(await failedChecks({ ...subject, system: denseRowSystem(5, 9, 12n).system }), [
    'setup.json names the digest of this circuit',
    'key has the wires, public signals and domain of the circuit',
    'key holds the coefficients of the circuit',
  ]);
});

test('behavior: one coefficient changed is found', async () => {
  const bytes = key.bytes.slice();
  const section = key.container.section(ZKEY_SECTION.coefficients, 'coefficients');
  bytes[section.byteOffset - key.bytes.byteOffset + 4 + 12]! ^= 1;
  assert.deepEqual(await failedChecks(await subjectOf(bytes)), [
    'key holds the coefficients of the circuit',
  ]);
});

test('behavior: another verification key is found, with the members that differ', async () => {
  const other = exportVerificationKey(await developmentKeyInMemory(system));
  const subject = { ...(await subjectOf(key.bytes)), verificationKey: other };
  const finding = (await auditKey(subject)).findings.find(({ outcome }) => outcome === 'failed');
  assert.equal(finding?.check, 'verification_key.json is the one inside the proving key');
  assert.match(finding?.detail ?? '', /vk_delta_2/);
});

test('behavior: delta exchanged in one group alone is found', async () => {
  const bytes = key.bytes.slice();
  bytes.set(key.header.beta1, key.header.delta1.byteOffset - key.bytes.byteOffset);
  assert.deepEqual(await failedChecks(await subjectOf(bytes)), [
    'beta and delta agree between the two groups',
  ]);
});

test('behavior: a development key passed off as a ceremony’s is found', async () => {
  const subject = await subjectOf(key.bytes);
  const setup = {
    ...subject.setup,
    kind: 'ceremony',
    ptauSha256: 'a'.repeat(64),
    contributions: [{ name: 'nobody', hash: 'b'.repeat(128) }],
  } as const;
  assert.deepEqual(await failedChecks({ ...subject, setup }), [
    'setup.json names the contributions inside the key',
  ]);
});

test('behavior: other bytes than the record names are found', async () => {
  const subject = await subjectOf(key.bytes);
  const setup = { ...subject.setup, keySha256: 'a'.repeat(64) };
  assert.deepEqual(await failedChecks({ ...subject, setup }), [
    'key digest is the one in setup.json',
  ]);
});
