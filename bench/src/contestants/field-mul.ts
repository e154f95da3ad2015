/** Who multiplies field elements: one thread, memory to memory, loops inside WebAssembly. */
import { readFieldBytes, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { createKernelPool, type KernelTask } from '@zkinfer/prover/bench';
import type { ContestantDefinition } from '../case.ts';
import { buildCurve } from '../ffjavascript.ts';
import { randomScalars } from '../inputs/random-scalars.ts';
import { CELL_BYTES, ElementReader, writeCells } from './kernel-values.ts';

/** Elements of the arrays: all of them fit the second-level cache. */
const ELEMENTS = 1024;
const PASSES = 1024;
const SEEDS = [1, 2] as const;
const RIGHT = 'products as in bigint arithmetic';

/** Our kernel: c = a·b. */
export const ourFieldMul: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open() {
    const pool = await createKernelPool(1);
    const space = pool.openSpace();
    const { memory } = space;
    const inputs = SEEDS.map((seed) => randomScalars(ELEMENTS, seed));
    const cells = ELEMENTS / 2;
    const [a, b, c] = [0, 1, 2].map(() => memory.allocate(cells * CELL_BYTES));
    writeCells(memory, a!, inputs[0]!, SCALAR_FIELD_ORDER);
    writeCells(memory, b!, inputs[1]!, SCALAR_FIELD_ORDER);
    const pass: KernelTask[number] = ['multiplyCells', c!, a!, b!, 0, cells];
    const task: KernelTask = Array.from({ length: PASSES }, () => pass);
    return {
      operations: ELEMENTS * PASSES,
      run: () => space.run([task]),
      outcome() {
        const reader = new ElementReader(SCALAR_FIELD_ORDER);
        const [x, y] = inputs.map(readScalars) as [bigint[], bigint[]];
        requireEqual(
          (i) => reader.cell(memory, c!, i),
          (i) => x[i]! * y[i]!,
        );
        return RIGHT;
      },
      close: () => pool.close(),
    };
  },
};

/** wasmcurves: its loop that takes elements to Montgomery form, one product with a constant each. */
export const wasmcurvesFieldMul: ContestantDefinition = {
  name: 'wasmcurves',
  isOurs: false,
  async open() {
    const curve = await buildCurve({ singleThread: true });
    const { exports } = curve.tm.instance;
    const scalars = randomScalars(ELEMENTS, SEEDS[0]);
    const [from, to] = [curve.tm.alloc(scalars.length), curve.tm.alloc(scalars.length)];
    const memory = () => new Uint8Array(curve.tm.memory.buffer);
    memory().set(scalars, from);
    return {
      operations: ELEMENTS * PASSES,
      run() {
        for (let i = 0; i < PASSES; i++) exports.frm_batchToMontgomery!(from, ELEMENTS, to);
      },
      outcome() {
        const products = readScalars(memory().slice(to, to + scalars.length));
        const x = readScalars(scalars);
        requireEqual(
          (i) => products[i]!,
          (i) => x[i]! << 256n,
        );
        return RIGHT;
      },
      close: () => curve.terminate(),
    };
  },
};

function readScalars(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 32 }, (_, i) => readFieldBytes(view, 32 * i));
}

function requireEqual(got: (i: number) => bigint, expected: (i: number) => bigint): void {
  for (let i = 0; i < ELEMENTS; i++) {
    if (got(i) !== expected(i) % SCALAR_FIELD_ORDER) throw new Error(`product ${i} is wrong`);
  }
}
