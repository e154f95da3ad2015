/** The public surface of @zkinfer/core. */
export * from './constraint-system.ts';
export * from './errors.ts';
export * from './field.ts';
export * from './progress.ts';
export * from './witness.ts';
