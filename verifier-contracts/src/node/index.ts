/** What needs files and processes: `@zkinfer/verifier-contracts/node`. */
export * from './deployments-file.ts';
export * from './development-accounts.ts';
export * from './find-foundry-tool.ts';
export * from './local-chain.ts';
export * from './open-provider.ts';
export * from './open-signer.ts';
