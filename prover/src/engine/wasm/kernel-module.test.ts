/** Which kernels a machine gets. Machines differ, so what WebAssembly answers is replaced. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestKernelVariant, compileKernels } from './kernel-module.ts';

/** Answers for the function that the self-test calls with a, b, c. */
const UNFUSED = (a: number, b: number, c: number) => a * b + c;
/** a = b = 1 + 2^-30, and c the rounded −a·b: what rounding lost is 2^-60. */
const FUSED = () => 2 ** -60;

class FakeInstance {
  readonly exports: { f(a: number, b: number, c: number): number };

  constructor(f: (a: number, b: number, c: number) => number) {
    this.exports = { f };
  }
}

for (const [variant, f] of [
  ['fused', FUSED],
  ['scalar', UNFUSED],
] as const) {
  test(`behavior: ${variant} kernels for a machine whose multiply-add is ${variant === 'fused' ? 'fused' : 'rounded twice'}`, async (context) => {
    const Instance = class extends FakeInstance {
      constructor() {
        super(f);
      }
    };
    context.mock.method(WebAssembly, 'Instance', Instance);
    assert.equal(await bestKernelVariant(), variant);
  });
}

test('behavior: scalar kernels where the instruction is not known', async (context) => {
  context.mock.method(WebAssembly, 'compile', async () => {
    throw new Error('invalid opcode');
  });
  assert.equal(await bestKernelVariant(), 'scalar');
});

test('error: kernels that do not compile', async (context) => {
  context.mock.method(WebAssembly, 'compile', async () => {
    throw new Error('invalid opcode');
  });
  await assert.rejects(compileKernels('fused'), { code: 'PROVER_KERNELS_UNUSABLE' });
});
