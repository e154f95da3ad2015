/**
 * At a real size, the worthless powers of tau carry a key through setup, contribution and proof.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { collectChunks, domainSizeLog2, writeR1cs } from '@zkinfer/core';
import { announceSeed, squareChainSystem } from '@zkinfer/core/testing';
import * as snarkjs from 'snarkjs';
import { chooseEngine } from '../engine/choose-engine.ts';
import { loadProvingKey } from '../prove/load-proving-key.ts';
import { prove } from '../prove/prove.ts';
import { callSnarkjs } from '../setup/call-snarkjs.ts';
import { contributeToKey, verifyCeremony } from '../setup/ceremony.ts';
import { powersOfTauSetup } from '../setup/powers-of-tau-setup.ts';
import { seededWaste } from './seeded-waste.ts';
import { writeWorthlessPowersOfTau } from './test-powers-of-tau.ts';

const POWER = 13;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-worthless-'));
});
after(() => rm(folder, { recursive: true }));

for (const power of [POWER, 15]) {
  // Above 2^14 points snarkjs's hash of the circuit takes in what lies behind the powers.
  test(`behavior: the initial key of 2^${power} rows is snarkjs’s, byte for byte`, async () => {
    const [ptau, path] = [join(folder, `${power}.ptau`), join(folder, 'initial.zkey')];
    await writeWorthlessPowersOfTau(ptau, power, seededWaste(announceSeed(), power));
    const { system } = squareChainSystem(2 ** power - 2, 3n);
    await powersOfTauSetup(system, ptau, path);
    const r1cs = collectChunks((consumer) => writeR1cs(system, consumer));
    const theirs = join(folder, 'snarkjs.zkey');
    await callSnarkjs('make the initial key', (logger) =>
      snarkjs.zKey.newZKey({ type: 'mem', data: r1cs }, ptau, theirs, logger),
    );
    assert.equal(Buffer.compare(await readFile(path), await readFile(theirs)), 0);
  });
}

test('error: memory that cannot be had is told before the work', async () => {
  const ptau = join(folder, 'small.ptau');
  await writeWorthlessPowersOfTau(ptau, 3, seededWaste(announceSeed(), 3));
  const { system } = squareChainSystem(3, 3n);
  const huge = { ...system, wires: 2 ** 25 };
  await assert.rejects(powersOfTauSetup(huge, ptau, join(folder, 'huge.zkey')), {
    code: 'PROVER_MEMORY_EXHAUSTED',
  });
  assert.ok(!(await readdir(folder)).some((name) => name.startsWith('huge')));
});

test(`behavior: 2^${POWER} rows are set up, contributed to, verified and proved`, async () => {
  const [ptau, keyPath] = [join(folder, 'worthless.ptau'), join(folder, 'key.zkey')];
  await writeWorthlessPowersOfTau(ptau, POWER, seededWaste(announceSeed(), POWER));
  const { system, witness } = squareChainSystem(2 ** POWER - 2, 3n);
  assert.equal(domainSizeLog2(system), POWER);
  const initial = await powersOfTauSetup(system, ptau, keyPath);
  const setup = await contributeToKey(keyPath, keyPath, initial, { name: 'Ada' });
  assert.deepEqual(await verifyCeremony(system, ptau, keyPath), { valid: true });
  const key = await loadProvingKey(keyPath, { circuitDigest: setup.circuitDigest, setup });
  const engine = await chooseEngine('snarkjs');
  const { publicSignals } = await prove(engine, key, witness);
  await engine.close();
  assert.equal(publicSignals[0], String(witness.get(1)));
});
