/** From an input to a proof, with what a compiled directory holds. */
import {
  type CalculatedWitness,
  type CompiledModel,
  calculateWitness,
  circuitOf,
  type Inference,
  rowName,
} from '@zkinfer/circuits';
import type { Progress } from '@zkinfer/core';
import { chooseEngine, loadStoredKey, type ProofBundle, prove } from '@zkinfer/prover';

/** How to prove. */
export interface ProveInferenceOptions {
  readonly progress: Progress;
  /** The fastest that works here by default. */
  readonly engine?: string | undefined;
  /** Called before the proof is begun: what would make it worthless is found here. */
  readonly beforeProof?: (calculated: CalculatedWitness) => Promise<void>;
}

/** A proof, what it is about in clear, and how long it took. */
export interface ProvedInference {
  readonly bundle: ProofBundle;
  readonly calculated: CalculatedWitness;
  readonly engine: string;
  readonly witnessMs: number;
  readonly proofMs: number;
}

/**
 * Proves an inference of a compiled model under the key in its directory.
 * @throws as `loadStoredKey`, `calculateWitness`, `prove`
 */
export async function proveInference(
  model: CompiledModel,
  inference: Inference,
  { progress, engine: engineName, beforeProof }: ProveInferenceOptions,
): Promise<ProvedInference> {
  const key = await loadStoredKey(model.directory, { progress });
  progress.stage('computing the witness');
  const circuit = circuitOf(model);
  const witnessStarted = Date.now();
  const calculated = calculateWitness(circuit, inference);
  const witnessMs = Date.now() - witnessStarted;
  await beforeProof?.(calculated);
  const proofStarted = Date.now();
  const engine = await chooseEngine(engineName);
  try {
    const bundle = await prove(engine, key, calculated.witness, {
      progress,
      circuit: { system: circuit, nameRow: (row) => rowName(circuit, row) },
    });
    const proofMs = Date.now() - proofStarted;
    return { bundle, calculated, engine: engine.name, witnessMs, proofMs };
  } finally {
    await engine.close();
  }
}
