import { createHash } from 'node:crypto';
import { type ConstraintSystem, circuitDigest } from '@zkinfer/core';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { writeDevelopmentKey } from './development-key-writer.ts';
import { checkedDomainSizeLog2 } from './key-scalars.ts';
import type { SetupOptions } from './setup-options.ts';
import type { DevelopmentSetupRecord } from './setup-record.ts';
import { drawToxicWaste } from './toxic-waste.ts';

/**
 * Makes a proving key alone, from secrets drawn here and forgotten: quick, and only as trustworthy as this process.
 * Proofs under such a key convince its maker; live deployments refuse it.
 * @param keyPath where the `.zkey` goes; replaced when complete
 * @returns the contents of `setup.json`
 * @throws InputError PROVER_SYSTEM_SIZE; EnvironmentError PROVER_WORKER_FAILED, PROVER_FILE_WRITE; the signal's reason
 */
export async function developmentSetup(
  system: ConstraintSystem,
  keyPath: string,
  options: SetupOptions = {},
): Promise<DevelopmentSetupRecord> {
  const waste = drawToxicWaste(checkedDomainSizeLog2(system));
  const hash = createHash('sha256');
  let keyBytes = 0;
  await writeFileAtomically(keyPath, (consumer) =>
    writeDevelopmentKey(
      system,
      waste,
      (chunk) => {
        hash.update(chunk);
        keyBytes += chunk.length;
        consumer(chunk);
      },
      options,
    ),
  );
  return {
    version: 1,
    kind: 'development',
    circuitDigest: circuitDigest(system),
    keySha256: hash.digest('hex'),
    keyBytes,
  };
}
