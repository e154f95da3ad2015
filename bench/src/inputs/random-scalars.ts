import { FIELD_BYTES, SCALAR_FIELD_ORDER, writeFieldBytes } from '@zkinfer/core';
import { seededRandom } from '@zkinfer/core/testing';

/** Scalars uniform in [0, r), 32 bytes each, little endian; the same for the same seed. */
export function randomScalars(count: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const bytes = new Uint8Array(count * FIELD_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) {
    writeFieldBytes(view, i * FIELD_BYTES, random.bigint(SCALAR_FIELD_ORDER));
  }
  return bytes;
}
