/** What the WebAssembly module exports. */
import { initConstants as initBase } from './fp/field';
import { initConstants as initScalar } from './fr/field';
import { initShared } from './thread';

/** Writes all constants; once for a memory. */
export function initialize(): void {
  initBase();
  initScalar();
  initShared();
}
export { setScratch } from './thread';
export { addAll as g1AddAll, double as g1Double } from './g1/points';
export { addAll as g2AddAll, double as g2Double } from './g2/points';
export { invertLimbs } from './inverse';
export { multiply as fpMultiply } from './fp/field';
export { multiply as frMultiply } from './fr/field';
