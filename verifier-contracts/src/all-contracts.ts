/** The contracts whose errors and events are known together. */
import type { ContractArtifact } from './contract-artifact.ts';
import { Groth16Verifier } from './generated/groth16-verifier.ts';
import { InferenceCoprocessor } from './generated/inference-coprocessor.ts';
import { ModelRegistry } from './generated/model-registry.ts';
import { Poseidon } from './generated/poseidon.ts';
import { TimelockController } from './generated/timelock-controller.ts';

/** What a deployment consists of. */
export const ALL_CONTRACTS: readonly ContractArtifact[] = [
  TimelockController,
  Poseidon,
  Groth16Verifier,
  ModelRegistry,
  InferenceCoprocessor,
];
