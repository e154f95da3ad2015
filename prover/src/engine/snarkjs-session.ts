/**
 * snarkjs keeps one curve with worker threads in a global variable, and the process alive until
 * someone terminates it. Sessions count its users here: the curve is built once before the first
 * call (two calls at once would build two and lose one) and terminated after the last.
 */
import * as snarkjs from 'snarkjs';

let users = 0;
let curve: Promise<snarkjs.Curve> | undefined;

/** Makes snarkjs usable until the returned function is called, once. */
export async function openSnarkjs(): Promise<() => Promise<void>> {
  users++;
  curve ??= snarkjs.curves.getCurveFromName('bn128');
  await curve;
  return releaseSnarkjs;
}

/** Runs work that calls snarkjs. */
export async function withSnarkjs<T>(work: () => Promise<T>): Promise<T> {
  const release = await openSnarkjs();
  try {
    return await work();
  } finally {
    await release();
  }
}

async function releaseSnarkjs(): Promise<void> {
  users--;
  if (users > 0 || curve === undefined) return;
  const last = curve;
  curve = undefined;
  await (await last).terminate();
}
