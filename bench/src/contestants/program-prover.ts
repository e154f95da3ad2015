import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContestantDefinition, ExternalProgram } from '../case.ts';
import type { ProofInputs } from '../inputs/proof-inputs.ts';
import { peakMemory } from '../peak-memory.ts';
import { checkProof } from './proof-check.ts';

/** How often a program's memory is looked at; the system keeps its peak until it ends. */
const WATCH_MS = 10;

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

/** @returns the program's largest memory, where it could be seen. @throws Error if it fails */
function runProgram(path: string, args: readonly string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let peak: number | undefined;
    let complaint = '';
    const timer = setInterval(() => {
      peak = peakMemory(child.pid) ?? peak;
    }, WATCH_MS);
    child.stderr.on('data', (text: Buffer) => {
      complaint += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      if (code === 0) resolve(peak);
      else reject(new Error(`the program ended with ${code}: ${complaint}`));
    });
  });
}

/** Some provers write a zero byte behind the text. */
async function readJson(path: string): Promise<unknown> {
  return JSON.parse((await readFile(path, 'utf8')).replaceAll('\0', ''));
}
