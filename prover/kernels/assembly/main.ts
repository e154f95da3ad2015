/**
 * What the WebAssembly module exports: what engine, checks and setups call, and single steps (field operations, butterflies,
 * `invertLimbs`, `double`) that tests hold against slow twins.
 */
import { initConstants as initBase } from './fp/field';
import { initConstants as initScalar } from './fr/field';
import { REGION_BYTES as G1_COLUMNS_BYTES } from './g1/columns';
import { REGION_BYTES as G1_FIXED_BASE_BYTES } from './g1/fixed-base';
import { REGION_BYTES as G2_COLUMNS_BYTES } from './g2/columns';
import { REGION_BYTES as G2_FIXED_BASE_BYTES } from './g2/fixed-base';
import { initScalars } from './scalars';
import { initShared } from './thread';

/** Writes all constants; once for a memory. */
export function initialize(): void {
  initBase();
  initScalar();
  initScalars();
  initShared();
}

/** Bytes that each thread's region needs. */
export function regionBytes(): usize {
  const ofG1 = max(G1_COLUMNS_BYTES, G1_FIXED_BASE_BYTES);
  return max(ofG1, max(G2_COLUMNS_BYTES, G2_FIXED_BASE_BYTES));
}

export {
  dot as fpDot,
  dotSubtract as fpDotSubtract,
  multiply as fpMultiply,
  multiplySubtract as fpMultiplySubtract,
  normalize as fpNormalize,
  square as fpSquare,
} from './fp/field';
export {
  butterflyInFrequency,
  butterflyInTime,
  butterflyInTimeCarrying,
  multiply as frMultiply,
  multiplySubtract as frMultiplySubtract,
} from './fr/field';
export {
  accumulate as g1Accumulate,
  addPoints as g1AddPoints,
  clearBuckets as g1ClearBuckets,
  joinWindows as g1JoinWindows,
  mergeCarries as g1MergeCarries,
  multiplyPoint as g1MultiplyPoint,
  sumBuckets as g1SumBuckets,
} from './g1/buckets';
export { checkPoints as g1CheckPoints } from './g1/check';
export { sumColumns as g1SumColumns } from './g1/columns';
export { decodePoints as g1DecodePoints } from './g1/decode';
export {
  exportHashed as g1ExportHashed,
  exportPoints as g1ExportPoints,
  importPoints as g1ImportPoints,
} from './g1/files';
export {
  fillWindow as g1FillWindow,
  multiplyFixed as g1MultiplyFixed,
  startTable as g1StartTable,
} from './g1/fixed-base';
export { addAll as g1AddAll, double as g1Double } from './g1/points';
export {
  accumulate as g2Accumulate,
  clearBuckets as g2ClearBuckets,
  joinWindows as g2JoinWindows,
  mergeCarries as g2MergeCarries,
  sumBuckets as g2SumBuckets,
} from './g2/buckets';
export { checkPoints as g2CheckPoints } from './g2/check';
export { sumColumns as g2SumColumns } from './g2/columns';
export { decodePoints as g2DecodePoints } from './g2/decode';
export {
  exportHashed as g2ExportHashed,
  exportPoints as g2ExportPoints,
  importPoints as g2ImportPoints,
} from './g2/files';
export {
  fillWindow as g2FillWindow,
  multiplyFixed as g2MultiplyFixed,
  startTable as g2StartTable,
} from './g2/fixed-base';
export { addAll as g2AddAll, double as g2Double } from './g2/points';
export { invertLimbs } from './inverse';
export {
  columnsInFrequency,
  columnsInTime,
  expandTable,
  lanesInFrequency,
  lanesInTime,
} from './ntt';
export {
  convertCoefficients,
  convertWitness,
  evaluateRows,
  multiplyCells,
  quotientRecords,
  scaleCells,
} from './rows';
export { measureScalars, sortWindow, splitScalars } from './scalars';
export { setScratch } from './thread';
