import { incrementalSha256 } from '../artifacts/sha256.ts';
import type { ConstraintSystem } from '../constraint-system.ts';
import { writeR1cs } from './r1cs-file.ts';

/**
 * What a constraint system is called everywhere: SHA-256 of its `.r1cs` file, 64 lower-case hex
 * digits. Streamed; the file is never held. Hashing in plain JavaScript runs at 40 MB/s or more: a
 * second for LeNet-5, in browsers too.
 */
export function circuitDigest(system: ConstraintSystem): string {
  const hash = incrementalSha256();
  writeR1cs(system, (chunk) => {
    hash.update(chunk);
  });
  return hash.hex();
}
