/** Who takes values on a domain to those on its odd coset: two transforms, all cores. */
import { readFieldBytes, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import {
  allocateValues,
  createEvaluationDomain,
  createKernelPool,
  moveToOddCoset,
} from '@zkinfer/prover/bench';
import type { ContestantDefinition } from '../case.ts';
import { buildCurve } from '../ffjavascript.ts';
import { randomScalars } from '../inputs/random-scalars.ts';
import { powerOf } from '../inputs/sizes.ts';
import { CELL_BYTES, ElementReader, writeCells } from './kernel-values.ts';

const SEED = 4;

/** Values that are compared. */
const COMPARED = 64;

/** Our transforms, in place and without bit reversal. */
export const ourNtt: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open(_, row) {
    const pool = await createKernelPool();
    const space = pool.openSpace();
    const { memory } = space;
    const size = 2 ** powerOf(row);
    const domain = await createEvaluationDomain(space, powerOf(row));
    const values = allocateValues(memory, domain);
    const bytes = (size / 2) * CELL_BYTES;
    writeCells(memory, values, randomScalars(size, SEED), SCALAR_FIELD_ORDER);
    const before = memory.bytes(values, bytes).slice();
    const reader = new ElementReader(SCALAR_FIELD_ORDER);
    return {
      reset: () => memory.bytes(values, bytes).set(before),
      run: () => moveToOddCoset(space, domain, [values]),
      outcome: () => sample(size, (i) => reader.cell(memory, values, i)),
      close: () => pool.close(),
    };
  },
};

/** ffjavascript as snarkjs calls it. */
export const ffjavascriptNtt: ContestantDefinition = {
  name: 'ffjavascript',
  isOurs: false,
  async open(_, row) {
    const curve = await buildCurve({ singleThread: false });
    const { Fr } = curve;
    const size = 2 ** powerOf(row);
    const values = await Fr.batchToMontgomery(randomScalars(size, SEED));
    const [one, root] = [Fr.e(1), Fr.w[powerOf(row) + 1]!];
    let moved: Uint8Array;
    return {
      async run() {
        const coefficients = await Fr.ifft(values);
        moved = await Fr.fft(await Fr.batchApplyKey(coefficients, one, root));
      },
      async outcome() {
        const plain = await Fr.batchFromMontgomery(moved);
        const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
        return sample(size, (i) => readFieldBytes(view, 32 * i));
      },
      close: () => curve.terminate(),
    };
  },
};

function sample(size: number, valueAt: (i: number) => bigint): string {
  const step = size / COMPARED;
  return Array.from({ length: COMPARED }, (_, i) => valueAt(i * step + (i % step))).join(', ');
}
