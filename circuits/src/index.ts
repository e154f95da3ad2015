/** The public surface of @zkinfer/circuits. */
export * from './graph/float-graph.ts';
export * from './graph/network.ts';
