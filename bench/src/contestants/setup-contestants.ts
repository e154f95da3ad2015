/** Who makes proving keys. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { collectChunks, writeR1cs } from '@zkinfer/core';
import {
  developmentSetup,
  powersOfTauSetup,
  readProvingKey,
  type SetupRecord,
} from '@zkinfer/prover';
import { ZKEY_SECTION } from '@zkinfer/prover/bench';
import type { ContestantDefinition } from '../case.ts';
import { openLenet5 } from '../inputs/lenet5.ts';
import { CACHE } from '../paths.ts';
import { loadSnarkjs, SILENT_LOGGER } from '../snarkjs.ts';

/** Our development setup; the key is thrown away as it comes. */
export const ourDevelopmentSetup: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open({ compiled }) {
    const circuit = await openLenet5(`${compiled}`);
    let record: SetupRecord;
    return {
      async run() {
        record = await developmentSetup(circuit, async () => {});
      },
      outcome: () => `${record.keyBytes} bytes`,
      close() {},
    };
  },
};

/** Our setup from a `.ptau`. */
export const ourPowersOfTauSetup: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open({ compiled, ptau }) {
    const circuit = await openLenet5(`${compiled}`);
    return intoFolder((keyPath) => powersOfTauSetup(circuit, `${ptau}`, keyPath));
  },
};

/** `snarkjs zkey new`. */
export const snarkjsPowersOfTauSetup: ContestantDefinition = {
  name: 'snarkjs zkey new',
  isOurs: false,
  async open({ compiled, ptau }) {
    const circuit = await openLenet5(`${compiled}`);
    const r1cs = { type: 'mem', data: collectChunks((consumer) => writeR1cs(circuit, consumer)) };
    const snarkjs = loadSnarkjs();
    const curve = await snarkjs.curves.getCurveFromName('bn128');
    const contestant = await intoFolder(async (keyPath) => {
      const hash = await snarkjs.zKey.newZKey(r1cs, `${ptau}`, keyPath, SILENT_LOGGER);
      if (hash === -1) throw new Error('snarkjs refuses the powers of tau');
    });
    return {
      ...contestant,
      async close() {
        await curve.terminate();
        await contestant.close();
      },
    };
  },
};

async function intoFolder(makeKey: (keyPath: string) => Promise<unknown>) {
  const folder = await mkdtemp(join(CACHE, 'setup-'));
  const keyPath = join(folder, 'proving_key.zkey');
  return {
    async run() {
      await makeKey(keyPath);
    },
    outcome: () => digestPoints(keyPath),
    close: () => rm(folder, { recursive: true }),
  };
}

/** Of all points of the key: they follow from the circuit and the powers of tau. */
async function digestPoints(keyPath: string): Promise<string> {
  const { container } = readProvingKey(await readFile(keyPath));
  const { inputs, a, b1, b2, c, h } = ZKEY_SECTION;
  const hash = createHash('sha256');
  for (const id of [inputs, a, b1, b2, c, h]) hash.update(container.section(id, 'points'));
  return hash.digest('hex');
}
