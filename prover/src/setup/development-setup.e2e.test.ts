/** A development setup of a size at which threads share the work, to a file, to a proof. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openAtomicFile } from '@zkinfer/core/node';
import { squareChainSystem } from '@zkinfer/core/testing';
import { chooseEngine } from '../engine/choose-engine.ts';
import { loadProvingKey } from '../prove/load-proving-key.ts';
import { prove } from '../prove/prove.ts';
import { developmentSetup } from './development-setup.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-development-'));
});
after(() => rm(folder, { recursive: true }));

test('behavior: 20,000 rows are set up by threads, with progress, and proved', async () => {
  const { system, witness } = squareChainSystem(20_000, 7n);
  const keyPath = join(folder, 'proving_key.zkey');
  const file = await openAtomicFile(keyPath);
  const stages: string[] = [];
  let [done, total] = [0, 0];
  const setup = await developmentSetup(system, (bytes) => file.append(bytes), {
    progress: {
      stage(name, amount = 0) {
        stages.push(name);
        total = amount;
      },
      advance(amount) {
        assert.ok(amount >= done);
        done = amount;
      },
    },
  });
  assert.deepEqual(await file.commit(), { bytes: setup.keyBytes, sha256: setup.keySha256 });
  assert.deepEqual(stages, ['read constraints', 'evaluate constraints', 'multiply points']);
  assert.equal(done, total);
  const key = await loadProvingKey(keyPath, { circuitDigest: setup.circuitDigest, setup });
  const engine = await chooseEngine('snarkjs');
  const { publicSignals } = await prove(engine, key, witness);
  await engine.close();
  assert.equal(publicSignals[0], String(witness.get(1)));
});

test('error: a setup aborted half-way ends soon and leaves nothing behind', async () => {
  const { system } = squareChainSystem(20_000, 7n);
  const controller = new AbortController();
  const file = await openAtomicFile(join(folder, 'aborted.zkey'));
  const setup = developmentSetup(system, (bytes) => file.append(bytes), {
    signal: controller.signal,
    progress: { stage() {}, advance: () => controller.abort(new Error('enough')) },
  });
  await assert.rejects(setup, /enough/);
  await file.abort();
  assert.ok(!(await readdir(folder)).some((name) => name.startsWith('aborted')));
});
