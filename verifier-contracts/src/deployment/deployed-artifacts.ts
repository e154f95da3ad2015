/** The contracts of a deployment, whose errors are known together. */
import type { ContractArtifact, ContractInterface } from '../contract-artifact.ts';
import { Groth16Verifier, Groth16VerifierInterface } from '../generated/groth16-verifier.ts';
import {
  InferenceCoprocessor,
  InferenceCoprocessorInterface,
} from '../generated/inference-coprocessor.ts';
import { ModelRegistry, ModelRegistryInterface } from '../generated/model-registry.ts';
import { Poseidon, PoseidonInterface } from '../generated/poseidon.ts';
import {
  TimelockController,
  TimelockControllerInterface,
} from '../generated/timelock-controller.ts';
import type { ContractName } from './deployment-record.ts';

/** What a deployment consists of, by name. */
export const DEPLOYED_ARTIFACTS: Readonly<Record<ContractName, ContractArtifact>> = {
  TimelockController,
  Poseidon,
  Groth16Verifier,
  ModelRegistry,
  InferenceCoprocessor,
};

/** The same without their code. */
export const DEPLOYED_INTERFACES: Readonly<Record<ContractName, ContractInterface>> = {
  TimelockController: TimelockControllerInterface,
  Poseidon: PoseidonInterface,
  Groth16Verifier: Groth16VerifierInterface,
  ModelRegistry: ModelRegistryInterface,
  InferenceCoprocessor: InferenceCoprocessorInterface,
};
