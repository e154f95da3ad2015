/** circom, as WebAssembly from npm, in a process of its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EnvironmentError } from '@zkinfer/core';
import { BENCH, THIRD_PARTY } from '../../paths.ts';
import { runProgram } from '../../run-program.ts';

/** What circom wrote. */
export interface CircomFiles {
  readonly r1cs: string;
  /** The witness calculator: its code, and what drives it. */
  readonly wasm: string;
  readonly calculator: string;
}

/** Where circom writes for a folder. */
export function circomFiles(folder: string): CircomFiles {
  const calculators = join(folder, 'model_js');
  return {
    r1cs: join(folder, 'model.r1cs'),
    wasm: join(calculators, 'model.wasm'),
    calculator: join(calculators, 'witness_calculator.js'),
  };
}

/**
 * Compiles with all simplification (`--O2`): the fewest rows that circom can do.
 * @param folder below the bench's
 * @returns the largest memory that circom took, where it could be seen
 * @throws EnvironmentError BENCH_CIRCOM_FAILED
 */
export async function compileCircom(source: string, folder: string): Promise<number | undefined> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.circom'), source);
  const circom = createRequire(join(THIRD_PARTY, 'package.json')).resolve('circom2/cli.js');
  // Through WASI it sees nothing but what lies below its folder.
  const here = (path: string) => relative(BENCH, path);
  const program = here(join(folder, 'model.circom'));
  const includes = here(join(THIRD_PARTY, 'node_modules'));
  const args = [program, '--O2', '--r1cs', '--wasm', '-l', includes, '-o', here(folder)];
  try {
    const peak = await runProgram(process.execPath, [circom, ...args], BENCH);
    // What drives the calculator is CommonJS, unlike this workspace.
    const manifest = join(dirname(circomFiles(folder).calculator), 'package.json');
    await writeFile(manifest, '{"type":"commonjs"}');
    return peak;
  } catch (cause) {
    throw new EnvironmentError({
      code: 'BENCH_CIRCOM_FAILED',
      what: 'circom refused the program',
      got: (cause as Error).message,
      cause,
    });
  }
}
