import { readFieldBytes, SCALAR_FIELD_ORDER } from '@zkinfer/core';

/** The highest 32 bits of r: values that have less there are below r. */
const HIGHEST_WORD = Number(SCALAR_FIELD_ORDER >> 224n);

/** Whether 32 bytes, little endian, are a number below r. Most are told by their highest word. */
export function isCanonicalScalar(view: DataView, at: number): boolean {
  const highest = view.getUint32(at + 28, true);
  return highest < HIGHEST_WORD || readFieldBytes(view, at) < SCALAR_FIELD_ORDER;
}
