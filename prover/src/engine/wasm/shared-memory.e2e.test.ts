/**
 * Memories that grow between the runs of threads. A thread may see a growth late; kernels must not trap for that. Keys of many
 * sizes come and go, so that memories grow again and again, with proofs between: any trap, or sum that is wrong, fails. Seen
 * to fail with `memory.fill` in `clearBuckets` (`kernels/assembly/buckets.ts`).
 */
import { test } from 'node:test';
import { announceSeed, seededRandom, squareChainSystem } from '@zkinfer/core/testing';
import { provingKeyFromFile } from '../../prove/load-proving-key.ts';
import { prove } from '../../prove/prove.ts';
import { developmentKeyInMemory } from '../../setup/development-key-in-memory.ts';
import { createWasmEngine } from './wasm-engine.ts';

const THREADS = 4;

test('behavior: keys of many sizes are decoded and released, with proofs between', async () => {
  const random = seededRandom(announceSeed());
  const sizes = [1, 60, 500, 2000, 7000];
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
