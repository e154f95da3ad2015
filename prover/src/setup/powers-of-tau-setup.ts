import {
  type ConstraintSystem,
  circuitDigest,
  collectChunks,
  InputError,
  SILENT_PROGRESS,
  writeR1cs,
} from '@zkinfer/core';
import { sha256File } from '@zkinfer/core/node';
import * as snarkjs from 'snarkjs';
import { replaceFile } from '../files/replace-file.ts';
import { readPtauHeader } from '../formats/ptau-file.ts';
import { callSnarkjs, snarkjsError } from './call-snarkjs.ts';
import { describeCeremonyKey } from './ceremony.ts';
import { checkedDomainSizeLog2 } from './key-scalars.ts';
import type { SetupOptions } from './setup-options.ts';
import type { CeremonySetupRecord } from './setup-record.ts';

/**
 * Begins a ceremony: makes the initial key of a system from a prepared powers-of-tau file, by
 * snarkjs. Its δ is the generator, so it proves nothing until someone contributes
 * (`contributeToKey`).
 * @param keyPath where the `.zkey` goes; replaced when complete
 * @returns the contents of `setup.json`
 * @throws InputError PROVER_PTAU_UNPREPARED, PROVER_PTAU_TOO_SMALL, PROVER_SYSTEM_SIZE,
 *   CORE_FORMAT_*; IntegrityError PROVER_SNARKJS_FAILED; EnvironmentError of reading and writing
 *   (CORE_*); the signal's reason when aborted
 */
export async function powersOfTauSetup(
  system: ConstraintSystem,
  ptauPath: string,
  keyPath: string,
  { progress = SILENT_PROGRESS, signal }: SetupOptions = {},
): Promise<CeremonySetupRecord> {
  await requireFit(system, ptauPath);
  const r1cs = collectChunks((consumer) => writeR1cs(system, consumer));
  signal?.throwIfAborted();
  progress.stage('make the initial key');
  await replaceFile(keyPath, async (temporary) => {
    const { result, complaint } = await callSnarkjs('make the initial key', (logger) =>
      snarkjs.zKey.newZKey({ type: 'mem', data: r1cs }, ptauPath, temporary, logger),
    );
    if (result === -1) throw snarkjsError('make the initial key', complaint);
    signal?.throwIfAborted();
  });
  progress.stage('digest the powers of tau');
  const { sha256 } = await sha256File(ptauPath);
  return describeCeremonyKey(keyPath, circuitDigest(system), sha256);
}

async function requireFit(system: ConstraintSystem, ptauPath: string): Promise<void> {
  const needed = checkedDomainSizeLog2(system);
  const { power, prepared } = await readPtauHeader(ptauPath);
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
}
