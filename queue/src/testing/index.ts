/** What tests of services share: `@zkinfer/queue/testing`. */
export * from './memory-store.ts';
export * from './small-model.ts';
