/** The public surface of @zkinfer/circuits. */
export type { Block, CircuitTrace } from './blocks/block.ts';
export * from './compile/compile-circuit.ts';
export * from './compile/row-name.ts';
export {
  type BlockSummary,
  CIRCUIT_FILE,
  type CircuitSummary,
  isSummaryOf,
} from './compiled/circuit-file.ts';
export * from './compiled/compile-model.ts';
export * from './compiled/compiled-model.ts';
export * from './compiled/estimate-cost.ts';
export * from './compiled/source-digest.ts';
export * from './evaluate/evaluate-network.ts';
export {
  BACKEND_NAMES,
  type BackendCandidate,
  type BackendName,
  type ImportPackage,
  type LoadedTensorflow,
  loadTensorflow,
} from './float/backend.ts';
export * from './float/load-float-model.ts';
export * from './float/run-float-graph.ts';
export type { Tensorflow } from './float/tensorflow.ts';
export * from './graph/argmax.ts';
export { buildNetwork, type NetworkDescription } from './graph/build-network.ts';
export type * from './graph/float-graph.ts';
export type { Integer, IntegerArray } from './graph/integer-array.ts';
export type * from './graph/network.ts';
export * from './graph/network-file.ts';
export * from './import/file-model-source.ts';
export * from './import/fold-affine.ts';
export * from './import/import-tfjs.ts';
export type { ModelSource } from './import/model-source.ts';
export { interpret, outputsOf, type Trace } from './interpret/interpret.ts';
export * from './interpret/quantize-inputs.ts';
export * from './interpret/read-outputs.ts';
export type { CalibrationRun } from './quantize/calibration-run.ts';
export type {
  LayerReport,
  OutputReport,
  QuantizationReport,
} from './quantize/quantization-report.ts';
export * from './quantize/quantize-graph.ts';
export {
  DEFAULT_ACTIVATION_BITS,
  DEFAULT_WEIGHT_BITS,
  type QuantizeOptions,
  type WeightBits,
} from './quantize/quantize-options.ts';
export type * from './quantize/weight-bits-trial.ts';
export * from './tensor-inference/choose-inference.ts';
export * from './tensor-inference/network-inference.ts';
export * from './tensor-inference/open-tensor-inference.ts';
export type { LayerPlan } from './tensor-inference/plan-layers.ts';
export * from './witness/calculate-witness.ts';
