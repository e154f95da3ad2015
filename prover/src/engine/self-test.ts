import { type ConstraintSystem, EnvironmentError, Witness } from '@zkinfer/core';
import { provingKeyFromFile } from '../prove/load-proving-key.ts';
import { developmentKeyInMemory } from '../setup/development-key-in-memory.ts';
import { verifyProof } from '../verify/verify-proof.ts';
import type { ProvingEngine } from './engine.ts';

/**
 * Proves by an engine that someone knows a square root of a public number, and verifies the proof.
 * @throws EnvironmentError PROVER_ENGINE_UNUSABLE if that fails in any way
 */
export async function runSelfTest(engine: ProvingEngine): Promise<void> {
  const witness = new Witness(3);
  [1, 49, 7].forEach((value, wire) => {
    witness.set(wire, value);
  });
  const key = provingKeyFromFile(await developmentKeyInMemory(SQUARE_SYSTEM));
  const verdict = await engine.prove(key, witness).then(
    ({ proof, publicSignals }) => verifyProof(key.verificationKey, publicSignals, proof),
    (cause: unknown) => ({ valid: false, cause }),
  );
  if (verdict.valid) return;
  throw new EnvironmentError({
    code: 'PROVER_ENGINE_UNUSABLE',
    what: `the engine ${engine.name} failed its self-test on this machine`,
    hint: 'Choose another engine with --engine or ZKINFER_ENGINE.',
    cause: 'cause' in verdict ? verdict.cause : undefined,
  });
}

/** w₂ · w₂ = w₁, w₁ public. */
const SQUARE_SYSTEM: ConstraintSystem = {
  wires: 3,
  publicOutputs: 1,
  publicInputs: 0,
  rows: 1,
  emit(sink) {
    const root = { wires: [2], coefficients: [1] };
    sink.row(root, root, { wires: [1], coefficients: [1] });
  },
};
