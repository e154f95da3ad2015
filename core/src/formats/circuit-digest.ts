import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ConstraintSystem } from '../constraint-system.ts';
import { writeR1cs } from './r1cs-file.ts';

/**
 * What a constraint system is called everywhere: SHA-256 of its `.r1cs` file, 64 lower-case hex digits. Streamed; the file
 * is never held. (LeNet-5, 40 MB: 0.4 s here, as fast as this needs to be, and it runs in browsers.)
 */
export function circuitDigest(system: ConstraintSystem): string {
  const hash = sha256.create();
  writeR1cs(system, (chunk) => {
    hash.update(chunk);
  });
  return bytesToHex(hash.digest());
}
