import { type ConstraintSystem, circuitDigest, InputError, SILENT_PROGRESS } from '@zkinfer/core';
import { openAtomicFile, sha256File } from '@zkinfer/core/node';
import { type PtauHeader, withPtau } from '../formats/ptau-file.ts';
import { collectTerms } from './constraint-terms.ts';
import { writeInitialKey } from './initial-key-writer.ts';
import { checkedDomainSizeLog2 } from './key-scalars.ts';
import { replaySystem } from './replayed-system.ts';
import type { SetupOptions } from './setup-options.ts';
import type { CeremonySetupRecord } from './setup-record.ts';

/**
 * Begins a ceremony: makes the initial key of a system from a prepared powers-of-tau file, the same
 * bytes as `snarkjs zkey new`. Its δ is the generator, so it proves nothing until someone
 * contributes (`contributeToKey`).
 * @param keyPath where the `.zkey` goes; replaced when complete
 * @returns the contents of `setup.json`
 * @throws InputError PROVER_PTAU_UNPREPARED, PROVER_PTAU_TOO_SMALL, PROVER_SYSTEM_SIZE,
 *   CORE_FORMAT_*; EnvironmentError PROVER_KERNELS_UNUSABLE, PROVER_MEMORY_EXHAUSTED,
 *   PROVER_WORKER_FAILED, and those of reading and writing (CORE_*); the signal's reason when
 *   aborted
 */
export async function powersOfTauSetup(
  system: ConstraintSystem,
  ptauPath: string,
  keyPath: string,
  options: SetupOptions = {},
): Promise<CeremonySetupRecord> {
  const { progress = SILENT_PROGRESS, signal } = options;
  return withPtau(ptauPath, async (ptau) => {
    const log2Size = requireFit(system, ptauPath, ptau);
    signal?.throwIfAborted();
    progress.stage('read constraints');
    const terms = collectTerms(system);
    const replayed = replaySystem(system, terms);
    const digest = circuitDigest(replayed);
    signal?.throwIfAborted();
    const file = await openAtomicFile(keyPath);
    try {
      const input = { system: replayed, terms, log2Size, ptau };
      await writeInitialKey(input, (bytes) => file.append(bytes), options);
      progress.stage('digest the powers of tau');
      const ptauSha256 = (await sha256File(ptauPath)).sha256;
      signal?.throwIfAborted();
      const { bytes, sha256 } = await file.commit();
      return {
        version: 1,
        kind: 'ceremony',
        circuitDigest: digest,
        keySha256: sha256,
        keyBytes: bytes,
        ptauSha256,
        contributions: [],
      };
    } finally {
      await file.abort();
    }
  });
}

/** log2 of the system's domain. */
function requireFit(
  system: ConstraintSystem,
  ptauPath: string,
  { power, prepared }: PtauHeader,
): number {
  const needed = checkedDomainSizeLog2(system);
  if (!prepared) {
    throw new InputError({
      code: 'PROVER_PTAU_UNPREPARED',
      what: `${ptauPath} is not prepared for a circuit's setup`,
      hint: 'Run `snarkjs powersoftau prepare phase2`, or take a file that is called "final".',
    });
  }
  if (power < needed) {
    throw new InputError({
      code: 'PROVER_PTAU_TOO_SMALL',
      what: `${ptauPath} is too small for the circuit`,
      got: `power ${power}`,
      expected: `power ${needed} or more`,
    });
  }
  return needed;
}
