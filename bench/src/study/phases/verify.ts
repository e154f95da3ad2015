/** Verification off chain of the proof that `prepare-proof` made. */
import { readFile } from 'node:fs/promises';
import { verifyProof } from '@zkinfer/prover';
import type { ContestantDefinition } from '../../case.ts';
import { loadSnarkjs } from '../../snarkjs.ts';
import { phaseCase } from '../phase-case.ts';

const zkinfer: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open(inputs) {
    const { key, publicSignals, proof } = await readProof(inputs);
    let isValid = false;
    return {
      run() {
        isValid = verifyProof(key, publicSignals, proof).valid;
      },
      outcome: () => verdict(isValid),
      close() {},
    };
  },
};

const snarkjs: ContestantDefinition = {
  name: 'snarkjs',
  isOurs: false,
  async open(inputs) {
    const { key, publicSignals, proof } = await readProof(inputs);
    const library = loadSnarkjs();
    const curve = await library.curves.getCurveFromName('bn128');
    let isValid = false;
    return {
      async run() {
        isValid = await library.groth16.verify(key, publicSignals, proof);
      },
      outcome: () => verdict(isValid),
      close: () => curve.terminate(),
    };
  },
};

export const benchCase = phaseCase({ contestants: [zkinfer, snarkjs], isCold: false });

async function readProof({ verificationKeyPath, proofPath }: Readonly<Record<string, unknown>>) {
  const key: unknown = JSON.parse(await readFile(`${verificationKeyPath}`, 'utf8'));
  const bundle = JSON.parse(await readFile(`${proofPath}`, 'utf8')) as {
    readonly proof: unknown;
    readonly publicSignals: readonly string[];
  };
  return { key, ...bundle };
}

function verdict(isValid: boolean): string {
  if (!isValid) throw new Error('the proof does not verify');
  return 'valid';
}
