/**
 * At a real size, the worthless powers of tau carry snarkjs through setup, contribution and proof.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domainSizeLog2 } from '@zkinfer/core';
import { announceSeed, squareChainSystem } from '@zkinfer/core/testing';
import { chooseEngine } from '../engine/choose-engine.ts';
import { loadProvingKey } from '../prove/load-proving-key.ts';
import { prove } from '../prove/prove.ts';
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
