import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContestantDefinition, ExternalProgram } from '../case.ts';
import type { ProofInputs } from '../inputs/proof-inputs.ts';
import { runProgram } from '../run-program.ts';
import { checkProof } from './proof-check.ts';

/**
 * A program with rapidsnark's command line: `PATH proving_key.zkey witness.wtns proof.json
 * public.json`. Its time includes its start and its reading of the key.
 */
export function programProver({ name, path }: ExternalProgram): ContestantDefinition {
  return {
    name,
    isOurs: false,
    async open(inputs) {
      const files = inputs as ProofInputs;
      const folder = await mkdtemp(join(tmpdir(), 'zkinfer-bench-'));
      const [proofPath, publicPath] = [join(folder, 'proof.json'), join(folder, 'public.json')];
      const args = [files.keyPath, files.witnessPath, proofPath, publicPath];
      let peak: number | undefined;
      return {
        async run() {
          peak = await runProgram(path, args);
        },
        async outcome() {
          const proof = await readJson(proofPath);
          return checkProof(files, proof, (await readJson(publicPath)) as string[]);
        },
        programPeakBytes: () => peak,
        close: () => rm(folder, { recursive: true }),
      };
    },
  };
}

/** Some provers write a zero byte behind the text. */
async function readJson(path: string): Promise<unknown> {
  return JSON.parse((await readFile(path, 'utf8')).replaceAll('\0', ''));
}
