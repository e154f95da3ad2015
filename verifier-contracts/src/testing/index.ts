/** For tests here and elsewhere: `@zkinfer/verifier-contracts/testing`. */
export * from './compile-solidity.ts';
export * from './encrypt-test-key.ts';
export * from './reorganise-chain.ts';
export * from './simulated-prover.ts';
export * from './test-market.ts';
export * from './turnstile.ts';
