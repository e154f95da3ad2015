import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '@zkinfer/core';
import { writeFileAtomically } from '@zkinfer/core/node';
import { buildCurve } from '../ffjavascript.ts';
import { CACHE } from '../paths.ts';

/** Bytes of an affine point as proving keys have it: coordinates times 2^256, little endian. */
export const G1_FILE_BYTES = 64;

const JACOBIAN_BYTES = 96;

/**
 * 2·G, 4·G, 8·G …: without a relation that sums of a few of them would meet by chance, as
 * consecutive multiples have. Made once and cached.
 * @returns the file's path
 */
export async function curvePointsFile(count: number, progress: Progress): Promise<string> {
  const path = join(CACHE, `g1-points-${count}.bin`);
  const known = await readFile(path).catch(() => undefined);
  if (known?.length === count * G1_FILE_BYTES) return path;
  progress.stage(`${count} points of the curve`);
  await mkdir(CACHE, { recursive: true });
  await writeFileAtomically(path, await doublings(count));
  return path;
}

async function doublings(count: number): Promise<Uint8Array> {
  const curve = await buildCurve({ singleThread: true });
  const points = new Uint8Array(count * JACOBIAN_BYTES);
  let point = curve.G1.double(curve.G1.g);
  for (let i = 0; i < count; i++) {
    points.set(point, i * JACOBIAN_BYTES);
    point = curve.G1.double(point);
  }
  return curve.G1.batchToAffine(points);
}
