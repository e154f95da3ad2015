/**
 * `@zkinfer/prover/bench`: the parts of the `wasm` engine that benchmarks measure by themselves,
 * and what they read keys with. No API: it changes with the engine.
 */
export {
  allocateValues,
  createEvaluationDomain,
  moveToOddCoset,
} from './engine/wasm/evaluation-domain.ts';
export { ELEMENT_BYTES, limbsOf, writeScalar } from './engine/wasm/field-limbs.ts';
export type { KernelTask } from './engine/wasm/kernel-message.ts';
export { createKernelPool, type KernelPool, type KernelSpace } from './engine/wasm/kernel-pool.ts';
export {
  type Bases,
  finishSums,
  multiplyBases,
  type PendingSum,
  POINT_MEMORY_BYTES,
  type ScalarList,
  sortTerms,
} from './engine/wasm/multi-scalar.ts';
export { splitRange } from './engine/wasm/split-range.ts';
export { digitOffset, planUniform } from './engine/wasm/window-plan.ts';
export { ZKEY_SECTION } from './formats/zkey-file.ts';
