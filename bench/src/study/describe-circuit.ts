import {
  type ConstraintSystem,
  constraintStatistics,
  domainSizeLog2,
  provingKeyBytes,
  publicSignalCount,
} from '@zkinfer/core';
import type { StudyCircuit } from './study-run.ts';

/** Two points of G1 and one of G2, uncompressed: what the chain takes. */
const PROOF_BYTES = 256;

/** Exact counts of a circuit. */
export function describeCircuit(
  model: string,
  compiler: string,
  system: ConstraintSystem,
): StudyCircuit {
  const statistics = constraintStatistics(system);
  return {
    model,
    compiler,
    rows: statistics.rows,
    wires: system.wires,
    nonZeros: statistics.aTerms + statistics.bTerms + statistics.cTerms,
    domainLog2: domainSizeLog2(system),
    keyBytes: provingKeyBytes(statistics, system),
    proofBytes: PROOF_BYTES,
    publicSignals: publicSignalCount(system),
  };
}
