/** The HTTP service: schemas of what it takes and tells. */
export * from './job-schemas.ts';
export * from './json-schemas.ts';
export * from './model-description.ts';
export * from './model-layouts.ts';
export * from './model-pin.ts';
export * from './operator-schemas.ts';
export * from './quantize-reals.ts';
export * from './read-output-words.ts';
export * from './read-schema.ts';
export * from './service-error.ts';
export * from './service-paths.ts';
