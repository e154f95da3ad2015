/**
 * Typed bindings of the contracts, for Node and browsers. Files, accounts and local chains:
 * `@zkinfer/verifier-contracts/node`.
 */

export type { JsonRpcApiProvider, Provider, Signer, TransactionReceipt } from 'ethers';
export { getAddress, isAddress, isKeystoreJson, Transaction, toQuantity } from 'ethers';
export * from './clients/contract-client.ts';
export * from './clients/coprocessor-client.ts';
export * from './clients/registry-client.ts';
export * from './clients/request-plan.ts';
export * from './clients/token-units.ts';
export * from './clients/transact.ts';
export * from './clients/verifier-client.ts';
export * from './contract-artifact.ts';
export * from './deployment/code-check.ts';
export * from './deployment/deploy-all.ts';
export * from './deployment/deploy-contract.ts';
export * from './deployment/deployed-artifacts.ts';
export * from './deployment/deployment-record.ts';
export * from './encoding/decode-fulfilments.ts';
export * from './encoding/encode-call.ts';
export * from './encoding/encode-proof.ts';
export * from './encoding/encode-verification-key.ts';
export * from './encoding/ids.ts';
export * from './encoding/standalone-verifier.ts';
export * from './errors/decode-revert.ts';
export * from './errors/revert-error.ts';
export * from './errors/translate-error.ts';
export * from './events/contract-events.ts';
export * from './generated/credit-gate.ts';
export * from './generated/digit-vault.ts';
export * from './generated/groth16-verifier.ts';
export * from './generated/ierc20-metadata.ts';
export * from './generated/inference-coprocessor.ts';
export * from './generated/model-registry.ts';
export * from './generated/poseidon.ts';
export * from './generated/timelock-controller.ts';
export * from './generated/types.ts';
export * from './generated/version.ts';
