/** The contracts of a deployment, whose errors are known together. */
import type { ContractArtifact } from '../contract-artifact.ts';
import { Groth16Verifier } from '../generated/groth16-verifier.ts';
import { InferenceCoprocessor } from '../generated/inference-coprocessor.ts';
import { ModelRegistry } from '../generated/model-registry.ts';
import { Poseidon } from '../generated/poseidon.ts';
import { TimelockController } from '../generated/timelock-controller.ts';
import type { ContractName } from './deployment-record.ts';

/** What a deployment consists of, by name. */
export const DEPLOYED_ARTIFACTS: Readonly<Record<ContractName, ContractArtifact>> = {
  TimelockController,
  Poseidon,
  Groth16Verifier,
  ModelRegistry,
  InferenceCoprocessor,
};
