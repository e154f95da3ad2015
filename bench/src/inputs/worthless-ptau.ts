import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '@zkinfer/core';
import { seededWaste, writeWorthlessPowersOfTau } from '@zkinfer/prover/testing';
import { CACHE } from '../paths.ts';

const SEED = 1;

/** A prepared `.ptau` of a power, worthless but of real size: made once, in minutes. */
export async function worthlessPtau(power: number, progress: Progress): Promise<string> {
  const path = join(CACHE, `worthless-${power}.ptau`);
  if (await exists(path)) return path;
  await mkdir(CACHE, { recursive: true });
  progress.stage(`powers of tau, 2^${power}, from known secrets`);
  await writeWorthlessPowersOfTau(path, power, seededWaste(SEED, power));
  return path;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
