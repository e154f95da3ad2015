/** Verification off chain of a proof that was made before. */
import { readFile } from 'node:fs/promises';
import { verifyProof } from '@zkinfer/prover';
import type { CaseInputs, ContestantDefinition } from '../../case.ts';
import { operationsFor } from '../../operations-for.ts';
import { loadSnarkjs } from '../../snarkjs.ts';
import { phaseCase } from '../phase-case.ts';

/** A proof to verify, as snarkjs has it in JSON. */
interface VerifyTask {
  readonly key: unknown;
  readonly publicSignals: readonly string[];
  readonly proof: unknown;
}

const zkinfer: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  open: (inputs) =>
    verifierOf(inputs, ({ key, publicSignals, proof }) =>
      Promise.resolve(verifyProof(key, publicSignals, proof).valid),
    ),
};

const snarkjs: ContestantDefinition = {
  name: 'snarkjs',
  isOurs: false,
  async open(inputs) {
    const library = loadSnarkjs();
    const curve = await library.curves.getCurveFromName('bn128');
    const verifier = await verifierOf(inputs, ({ key, publicSignals, proof }) =>
      library.groth16.verify(key, publicSignals, proof),
    );
    return { ...verifier, close: () => curve.terminate() };
  },
};

export const benchCase = phaseCase({ contestants: [zkinfer, snarkjs], isCold: false });

async function verifierOf(inputs: CaseInputs, verify: (task: VerifyTask) => Promise<boolean>) {
  const task = await readTask(inputs);
  let isValid = false;
  const once = async () => {
    isValid = await verify(task);
  };
  const operations = await operationsFor(once);
  return {
    operations,
    async run() {
      for (let i = 0; i < operations; i++) await once();
    },
    outcome() {
      if (!isValid) throw new Error('the proof does not verify');
      return 'valid';
    },
    close() {},
  };
}

async function readTask({ verificationKeyPath, proofPath }: CaseInputs): Promise<VerifyTask> {
  const key: unknown = JSON.parse(await readFile(`${verificationKeyPath}`, 'utf8'));
  const bundle = JSON.parse(await readFile(`${proofPath}`, 'utf8')) as Omit<VerifyTask, 'key'>;
  return { ...bundle, key };
}
