/** What tests of every workspace share: `@zkinfer/core/testing`. */
export * from '../seeded-random.ts';
export * from './announce-seed.ts';
export * from './chromium-path.ts';
export * from './module-graph.ts';
export * from './small-systems.ts';
export * from './wait-until.ts';
