import { readFile } from 'node:fs/promises';
import type { ContestantDefinition } from '../case.ts';
import type { ProofInputs } from '../inputs/proof-inputs.ts';
import { loadSnarkjs, type SnarkjsProof } from '../snarkjs.ts';
import { checkProof } from './proof-check.ts';

/**
 * snarkjs. In memory it is as warm as it gets: it has no form of a key that is kept between
 * proofs. From files it takes less memory.
 */
export function snarkjsProver(source: 'memory' | 'files'): ContestantDefinition {
  return {
    name: 'snarkjs',
    isOurs: false,
    load: () => void loadSnarkjs(),
    async open(inputs) {
      const files = inputs as ProofInputs;
      const load = async (path: string) =>
        source === 'files' ? path : { type: 'mem', data: new Uint8Array(await readFile(path)) };
      const [key, witness] = [await load(files.keyPath), await load(files.witnessPath)];
      const snarkjs = loadSnarkjs();
      const curve = await snarkjs.curves.getCurveFromName('bn128');
      let made: SnarkjsProof;
      return {
        async run() {
          made = await snarkjs.groth16.prove(key, witness);
        },
        outcome: () => checkProof(files, made.proof, made.publicSignals),
        close: () => curve.terminate(),
      };
    },
  };
}
