/**
 * `@zkinfer/prover/testing`: what tests and benchmarks need and nothing that is used in earnest.
 */
export { developmentKeyInMemory } from '../setup/development-key-in-memory.ts';
export * from './seeded-waste.ts';
export * from './test-powers-of-tau.ts';
