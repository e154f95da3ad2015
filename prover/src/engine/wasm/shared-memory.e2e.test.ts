/**
 * Memories that grow while threads begin to use them. A thread that is given a memory in that moment may take it for smaller
 * until it grows again; kernels must not trap for that. Seen to fail with `memory.fill` in `clearBuckets`
 * (`kernels/assembly/buckets.ts`). And keys of many sizes come and go, with proofs between.
 */
import { test } from 'node:test';
import { announceSeed, seededRandom, squareChainSystem } from '@zkinfer/core/testing';
import { provingKeyFromFile } from '../../prove/load-proving-key.ts';
import { prove } from '../../prove/prove.ts';
import { developmentKeyInMemory } from '../../setup/development-key-in-memory.ts';
import type { KernelTask } from './kernel-message.ts';
import { createKernelPool } from './kernel-pool.ts';
import { POINT_MEMORY_BYTES } from './multi-scalar.ts';
import { createWasmEngine } from './wasm-engine.ts';

const THREADS = 4;

/** More than a page: each region grows the memory. */
const REGION_BYTES = 80 * 1000;

test('behavior: threads are given a memory while it grows', async () => {
  const pool = await createKernelPool(THREADS);
  for (let round = 0; round < 400; round++) {
    const space = pool.openSpace();
    const regions = Array.from({ length: 40 }, () => space.memory.allocate(REGION_BYTES));
    await space.run(
      regions.map(
        (at): KernelTask => [['g1ClearBuckets', at, REGION_BYTES / POINT_MEMORY_BYTES.g1]],
      ),
    );
  }
  await pool.close();
});

test('behavior: keys of many sizes are decoded and released, with proofs between', async () => {
  const random = seededRandom(announceSeed());
  const sizes = [1, 60, 500, 3000];
  const subjects = await Promise.all(
    sizes.map(async (rows) => {
      const { system, witness } = squareChainSystem(rows, 3n);
      return { key: provingKeyFromFile(await developmentKeyInMemory(system)), witness };
    }),
  );
  const engine = await createWasmEngine({ threads: THREADS });
  for (let round = 0; round < 30; round++) {
    const { key, witness } = random.pick(subjects);
    await prove(engine, key, witness);
    if (random.boolean()) await engine.release(random.pick(subjects).key);
  }
  await engine.close();
});
