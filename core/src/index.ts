/** The public surface of @zkinfer/core. */
export * from './constraint-system.ts';
export * from './errors.ts';
export * from './field.ts';
export * from './field-element.ts';
export * from './poseidon.ts';
export * from './poseidon-parameters.ts';
export * from './progress.ts';
export * from './witness.ts';
