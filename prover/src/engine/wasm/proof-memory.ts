import { totalmem } from 'node:os';
import { EnvironmentError } from '@zkinfer/core';
import type { ProvingKeyFile } from '../../formats/zkey-file.ts';
import { MAX_KERNEL_BYTES } from './kernel-memory.ts';

/** Measured at 2^10 to 2^18 rows of full-size values, the worst case: what is estimated covers it by 3 to 30 %. */
const BYTES_PER_WIRE = 612;
const BYTES_PER_DOMAIN_ELEMENT = 420;
const BYTES_PER_COEFFICIENT = 48;

/** Buckets grow with the longest list, until windows have their greatest width. */
const BUCKET_BYTES_PER_TERM = 600;
const MOST_BUCKET_BYTES = 2 ** 27;

const BASE_BYTES = 2 ** 22;

/**
 * About how much memory the kernels take for a key and one proof under it, beside some 1.5 MB for each thread: 4 GiB, the most,
 * are enough for 2^21 wires and rows.
 */
export function proofMemoryBytes({ header, coefficientCount }: ProvingKeyFile): number {
  const { wires, domainSize } = header;
  const terms = Math.max(wires, domainSize);
  return (
    BASE_BYTES +
    BYTES_PER_WIRE * wires +
    BYTES_PER_DOMAIN_ELEMENT * domainSize +
    BYTES_PER_COEFFICIENT * coefficientCount +
    Math.min(MOST_BUCKET_BYTES, BUCKET_BYTES_PER_TERM * terms)
  );
}

/**
 * Refuses a key that this machine cannot prove under.
 * @param machineBytes what the machine has, or what the process is allowed
 * @throws EnvironmentError PROVER_MEMORY_EXHAUSTED
 */
export function requireProofMemory(file: ProvingKeyFile, machineBytes = allowedBytes()): void {
  const needed = proofMemoryBytes(file);
  if (needed <= Math.min(MAX_KERNEL_BYTES, machineBytes)) return;
  const isTooLarge = needed > MAX_KERNEL_BYTES;
  throw new EnvironmentError({
    code: 'PROVER_MEMORY_EXHAUSTED',
    what: 'there is not enough memory to prove under this key',
    got: isTooLarge
      ? `the kernels reach ${MAX_KERNEL_BYTES} bytes`
      : `the machine gives ${machineBytes} bytes`,
    expected: `${needed} bytes`,
    hint: isTooLarge
      ? 'Split the model into smaller ones, or take the engine snarkjs.'
      : 'Use a machine with more memory.',
  });
}

/** Of the machine, or of the container that the process is in. */
function allowedBytes(): number {
  const limit = process.constrainedMemory();
  return limit === undefined || limit === 0 ? totalmem() : Math.min(limit, totalmem());
}
