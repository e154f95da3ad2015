import { createHash } from 'node:crypto';
import { type ConstraintSystem, circuitDigest, SILENT_PROGRESS } from '@zkinfer/core';
import { collectTerms } from './constraint-terms.ts';
import { type AppendBytes, writeDevelopmentKey } from './development-key-writer.ts';
import { checkedDomainSizeLog2 } from './key-scalars.ts';
import { replaySystem } from './replayed-system.ts';
import type { SetupOptions } from './setup-options.ts';
import type { DevelopmentSetupRecord } from './setup-record.ts';
import { drawToxicWaste } from './toxic-waste.ts';

/**
 * Makes a proving key alone, from secrets drawn here and forgotten: quick, and only as trustworthy
 * as this process. Proofs under such a key convince its maker; live deployments refuse it.
 * @param append takes the `.zkey`, piece by piece
 * @returns the contents of `setup.json`
 * @throws InputError PROVER_SYSTEM_SIZE; EnvironmentError PROVER_WORKER_FAILED; the signal's reason
 *   when aborted; what `append` throws
 */
export async function developmentSetup(
  system: ConstraintSystem,
  append: AppendBytes,
  options: SetupOptions = {},
): Promise<DevelopmentSetupRecord> {
  const waste = drawToxicWaste(checkedDomainSizeLog2(system));
  const hash = createHash('sha256');
  let keyBytes = 0;
  const appendAndHash: AppendBytes = async (bytes) => {
    hash.update(bytes);
    keyBytes += bytes.length;
    await append(bytes);
  };
  const { progress = SILENT_PROGRESS, signal } = options;
  progress.stage('read constraints');
  const replayed = replaySystem(system, collectTerms(system));
  signal?.throwIfAborted();
  await writeDevelopmentKey(replayed, waste, appendAndHash, options);
  return {
    version: 1,
    kind: 'development',
    circuitDigest: circuitDigest(replayed),
    keySha256: hash.digest('hex'),
    keyBytes,
  };
}
