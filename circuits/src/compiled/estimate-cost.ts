import type { CircuitSummary } from './circuit-file.ts';

/**
 * What a proof will cost, before any setup. Times and memory are estimates, key and gas are exact
 * to a percent.
 */
export interface CostEstimate {
  readonly setupMs: number;
  readonly proveMs: number;
  readonly proveMemoryBytes: number;
  readonly keyBytes: number;
  readonly proofBytes: number;
  readonly verificationGas: number;
}

/** Two points of G1 and one of G2, uncompressed. */
const PROOF_BYTES = 256;

/**
 * Gas of the verifier contract that snarkjs writes: four pairings and the calls around them,
 * 181,000, and for each public signal a multiplication and an addition, 6,000 + 150 (EIP-1108).
 * Measured with three signals: 202,420.
 */
const GAS = { base: 181_000, signal: 6_150 };

/** Estimates from the circuit's counts, for this many threads. */
export function estimateCost(summary: CircuitSummary, threads: number): CostEstimate {
  const points = 2 ** summary.domainSizeLog2 + 3 * summary.wires;
  return {
    setupMs: SETUP.fixedMs + (SETUP.pointMs * points) / threads,
    proveMs: PROVE.fixedMs + (PROVE.pointMs * points) / threads,
    proveMemoryBytes: PROVE.memoryBytes + PROVE.memoryKeys * summary.provingKeyBytes,
    keyBytes: summary.provingKeyBytes,
    proofBytes: PROOF_BYTES,
    verificationGas: GAS.base + GAS.signal * summary.publicSignals.length,
  };
}

/**
 * Fitted to iris-mlp (806 kB of key) and mnist-lenet5 (57.1 MB), measured on two threads of a 2.5
 * GHz Xeon with the wasm engine: setup 1.2 s and 9.5 s; proof, the key's decoding included, 1.1 s in
 * 138 MB and 1.8 s in 322 MB. A point is one of the key's.
 */
const SETUP = { fixedMs: 1000, pointMs: 0.036 };
const PROVE = { fixedMs: 1000, pointMs: 0.0035, memoryBytes: 1.4e8, memoryKeys: 3.2 };
