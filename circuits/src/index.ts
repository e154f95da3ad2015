/** The public surface of @zkinfer/circuits. */
export * from './blocks/block.ts';
export * from './compile/compile-circuit.ts';
export * from './graph/build-network.ts';
export * from './graph/float-graph.ts';
export * from './graph/integer-array.ts';
export * from './graph/linear/average-pool2d-map.ts';
export * from './graph/network.ts';
export * from './graph/nonlinear.ts';
export * from './graph/ranges.ts';
export * from './graph/shape.ts';
export * from './interpret/interpret.ts';
export * from './witness/calculate-witness.ts';
