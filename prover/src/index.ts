/** The public surface of @zkinfer/prover. */
export * from './audit/audit-key.ts';
export * from './engine/choose-engine.ts';
export type * from './engine/engine.ts';
export { bestKernelVariant, type KernelVariant } from './engine/wasm/kernel-module.ts';
export { proofMemoryBytes } from './engine/wasm/proof-memory.ts';
export * from './formats/proof-json.ts';
export * from './formats/verification-key-json.ts';
export {
  type ProvingKeyFile,
  type ProvingKeyHeader,
  readProvingKey,
} from './formats/zkey-file.ts';
export * from './prove/load-proving-key.ts';
export * from './prove/prove.ts';
export { isContributed } from './setup/assert-contributed.ts';
export {
  applyBeacon,
  type CeremonyVerdict,
  type Contributor,
  contributeToKey,
  verifyCeremony,
} from './setup/ceremony.ts';
export type { AppendBytes } from './setup/development-key-writer.ts';
export * from './setup/development-setup.ts';
export * from './setup/export-verification-key.ts';
export * from './setup/powers-of-tau-setup.ts';
export type * from './setup/setup-options.ts';
export type * from './setup/setup-record.ts';
export * from './setup/setup-record-file.ts';
export * from './setup/stored-setup.ts';
export * from './verify/verify-proof.ts';
