/** What tests of services share: `@zkinfer/queue/testing`. */
export * from './inference-service.ts';
export * from './memory-blob-store.ts';
export * from './memory-store.ts';
export * from './redis-process.ts';
export * from './rpc-proxy.ts';
export * from './small-model.ts';
