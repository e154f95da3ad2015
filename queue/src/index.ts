/** The public surface of @zkinfer/queue. */
export * from './json-value.ts';
export * from './store/leases.ts';
export * from './store/level-store.ts';
export * from './store/records.ts';
export * from './store/store.ts';
