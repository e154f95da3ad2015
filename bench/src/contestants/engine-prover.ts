import { readFile } from 'node:fs/promises';
import { readWtns } from '@zkinfer/core';
import { chooseEngine, type ProofBundle } from '@zkinfer/prover';
import type { ContestantDefinition } from '../case.ts';
import { loadKey, type ProofInputs } from '../inputs/proof-inputs.ts';
import { checkProof } from './proof-check.ts';

const ENGINE = 'wasm';

/** Our engine, key and witness in memory; a key is decoded at its first proof. */
export const engineProver: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open(inputs) {
    const files = inputs as ProofInputs;
    const key = await loadKey(files);
    const witness = readWtns(await readFile(files.witnessPath));
    const engine = await chooseEngine(ENGINE);
    let bundle: ProofBundle;
    return {
      async run() {
        bundle = await engine.prove(key, witness);
      },
      outcome: () => checkProof(files, bundle.proof, bundle.publicSignals),
      close: () => engine.close(),
    };
  },
};
