/**
 * The production path from nothing: snarkjs's own powers of tau, contributions, a beacon,
 * verification, a proof.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { circuitDigest } from '@zkinfer/core';
import { denseRowSystem, squareChainSystem } from '@zkinfer/core/testing';
import * as snarkjs from 'snarkjs';
import { auditKey } from '../audit/audit-key.ts';
import { chooseEngine } from '../engine/choose-engine.ts';
import { withSnarkjs } from '../engine/snarkjs-session.ts';
import { readWholeFile } from '../files/read-file.ts';
import { readContributions } from '../formats/contribution-section.ts';
import { readProvingKey, ZKEY_SECTION } from '../formats/zkey-file.ts';
import { loadProvingKey } from '../prove/load-proving-key.ts';
import { prove } from '../prove/prove.ts';
import { applyBeacon, contributeToKey, verifyCeremony } from './ceremony.ts';
import { developmentKeyInMemory } from './development-key-in-memory.ts';
import { exportVerificationKey } from './export-verification-key.ts';
import { powersOfTauSetup } from './powers-of-tau-setup.ts';
import type { CeremonySetupRecord } from './setup-record.ts';

const POWER = 8;
const BEACON = { value: '0102030405060708090a0b0c0d0e0f10', iterationsLog2: 10 };
const { system, witness } = denseRowSystem(120, 2 ** 40 + 12345, 77n);
let folder: string;
let ptau: string;
let raw: string;
let keyPath: string;
let initialPath: string;
let initial: CeremonySetupRecord;
let setup: CeremonySetupRecord;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-ceremony-'));
  [ptau, raw] = [join(folder, 'final.ptau'), join(folder, 'raw.ptau')];
  [keyPath, initialPath] = [join(folder, 'key.zkey'), join(folder, 'initial.zkey')];
  await makePowersOfTau();
  initial = await powersOfTauSetup(system, ptau, initialPath);
  setup = await contributeToKey(initialPath, keyPath, initial, { name: 'Ada' });
  setup = await contributeToKey(keyPath, keyPath, setup, { name: 'Bob ✓', entropy: 'dice' });
  setup = await applyBeacon(keyPath, keyPath, setup, 'beacon', BEACON);
});
after(() => rm(folder, { recursive: true }));

async function makePowersOfTau(): Promise<void> {
  const { newAccumulator, contribute, beacon, preparePhase2, verify } = snarkjs.powersOfTau;
  const [first, second] = [join(folder, '0.ptau'), join(folder, '1.ptau')];
  await withSnarkjs(async () => {
    const silent = { debug() {}, info() {}, warn() {}, error() {}, log() {} };
    const curve = await snarkjs.curves.getCurveFromName('bn128');
    await newAccumulator(curve, POWER, first, silent);
    await contribute(first, second, 'Eve', 'entropy', silent);
    await beacon(second, raw, 'beacon', BEACON.value, BEACON.iterationsLog2, silent);
    await preparePhase2(raw, ptau, silent);
    assert.ok(await verify(ptau, silent));
  });
}

test('behavior: the record names contributions and beacon; the key verifies', async () => {
  assert.deepEqual(
    setup.contributions.map(({ name }) => name),
    ['Ada', 'Bob ✓', 'beacon'],
  );
  assert.deepEqual(setup.contributions[2]?.beacon, BEACON);
  assert.equal(setup.circuitDigest, circuitDigest(system));
  assert.deepEqual(await verifyCeremony(system, ptau, keyPath), { valid: true });
});

test('behavior: contribution hashes are the ones snarkjs prints', async () => {
  const path = join(folder, 'hash.zkey');
  const hash = await withSnarkjs(() => snarkjs.zKey.contribute(initialPath, path, 'Ada', 'dice'));
  const key = readProvingKey(await readWholeFile(path));
  assert.equal(readContributions(key).contributions[0]?.hash, Buffer.from(hash).toString('hex'));
});

test('behavior: the closed key proves, and its audit is sound', async () => {
  const key = await loadProvingKey(keyPath, { circuitDigest: setup.circuitDigest, setup });
  const engine = await chooseEngine('snarkjs');
  const { publicSignals } = await prove(engine, key, witness);
  await engine.close();
  assert.equal(publicSignals.length, 3);
  const subject = { system, keyPath, setup, verificationKey: key.verificationKey };
  const audit = await auditKey({ ...subject, ptauPath: ptau });
  assert.equal(audit.sound, true, JSON.stringify(audit.findings));
  const withoutPtau = await auditKey(subject);
  assert.equal(withoutPtau.sound, false);
  assert.equal(withoutPtau.consistent, true);
  const otherPtau = await auditKey({ ...subject, ptauPath: raw }).catch(({ code }) => code);
  assert.equal(otherPtau, 'PROVER_SNARKJS_FAILED');
});

test('behavior: a key tampered with after the ceremony does not verify', async () => {
  const bytes = (await readWholeFile(keyPath)).slice();
  const { container } = readProvingKey(bytes);
  const c = container.section(ZKEY_SECTION.c, 'C');
  const point = c.slice(64 * 3, 64 * 4);
  c.set(c.slice(64 * 5, 64 * 6), 64 * 3);
  c.set(point, 64 * 5);
  const path = join(folder, 'tampered.zkey');
  await writeFile(path, bytes);
  const verdict = await verifyCeremony(system, ptau, path);
  assert.equal(verdict.valid, false);
  const subject = { system, keyPath: path, setup, ptauPath: ptau };
  const verificationKey = exportVerificationKey(readProvingKey(bytes));
  const { findings } = await auditKey({ ...subject, verificationKey });
  assert.deepEqual(
    findings.filter(({ outcome }) => outcome === 'failed').map(({ check }) => check),
    ['key digest is the one in setup.json', 'key follows from powers of tau and contributions'],
  );
});

test('behavior: a key of another circuit does not verify', async () => {
  const verdict = await verifyCeremony(squareChainSystem(20, 3n).system, ptau, keyPath);
  assert.equal(verdict.valid, false);
});

test('behavior: a key without contributions does not verify, and proves nothing', async () => {
  assert.equal((await verifyCeremony(system, ptau, initialPath)).valid, false);
  const expectation = { circuitDigest: initial.circuitDigest, setup: initial };
  await assert.rejects(loadProvingKey(initialPath, expectation), {
    code: 'PROVER_KEY_UNCONTRIBUTED',
  });
});

test('error: unprepared powers of tau', async () => {
  const path = join(folder, 'none.zkey');
  await assert.rejects(powersOfTauSetup(system, raw, path), { code: 'PROVER_PTAU_UNPREPARED' });
});

test('error: a ceremony does not go on from a development key or from altered bytes', async () => {
  const path = join(folder, 'development.zkey');
  await writeFile(path, (await developmentKeyInMemory(system)).bytes);
  await assert.rejects(contributeToKey(path, path, setup, { name: 'Ada' }), {
    code: 'PROVER_KEY_NOT_CEREMONY',
  });
  await copyFile(initialPath, path);
  await assert.rejects(contributeToKey(path, path, setup, { name: 'Ada' }), {
    code: 'PROVER_KEY_ALTERED',
  });
});

test('error: unusable names and beacons leave the key as it was', async () => {
  const bytes = await readWholeFile(keyPath);
  for (const name of ['', 'x'.repeat(65)]) {
    await assert.rejects(contributeToKey(keyPath, keyPath, setup, { name }), {
      code: 'PROVER_CONTRIBUTOR_NAME',
    });
  }
  for (const beacon of [
    { ...BEACON, value: '' },
    { ...BEACON, value: '0x01' },
    { ...BEACON, value: '012' },
    { ...BEACON, value: '00'.repeat(256) },
    { ...BEACON, iterationsLog2: 9 },
    { ...BEACON, iterationsLog2: 33 },
    { ...BEACON, iterationsLog2: 10.5 },
  ]) {
    await assert.rejects(applyBeacon(keyPath, keyPath, setup, 'beacon', beacon), {
      code: 'PROVER_BEACON_INVALID',
    });
  }
  assert.deepEqual(await readWholeFile(keyPath), bytes);
  assert.ok(!(await readdir(folder)).some((name) => name.includes('.tmp-')));
});
