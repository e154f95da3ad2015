/** What happens to the engine when threads die, signals come, or it is closed while it proves. */
import assert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, test } from 'node:test';
import workerThreads, { Worker } from 'node:worker_threads';
import { squareChainSystem } from '@zkinfer/core/testing';
import { type LoadedProvingKey, provingKeyFromFile } from '../../prove/load-proving-key.ts';
import { developmentKeyInMemory } from '../../setup/development-key-in-memory.ts';
import { verifyProof } from '../../verify/verify-proof.ts';
import type { ProofBundle, ProvingEngine } from '../engine.ts';
import { KernelMemory } from './kernel-memory.ts';
import { createKernelPool } from './kernel-pool.ts';
import { createWasmEngine } from './wasm-engine.ts';

/** Threads that run now. */
const threads = new Set<Worker>();

class WatchedWorker extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    threads.add(this);
    this.once('exit', () => threads.delete(this));
  }
}

const { system, witness } = squareChainSystem(250, 3n);
const randomness = { r: 5n, s: 7n };
let key: LoadedProvingKey;
let expected: ProofBundle;
let stages: string[];

before(async () => {
  workerThreads.Worker = WatchedWorker;
  syncBuiltinESMExports();
  key = provingKeyFromFile(await developmentKeyInMemory(system));
  await withEngine(async (engine) => {
    expected = await engine.prove(key, witness, { randomness, progress: watch(() => {}) });
  });
  assert.ok(verifyProof(key.verificationKey, expected.publicSignals, expected.proof).valid);
});
after(() => {
  workerThreads.Worker = Worker;
  syncBuiltinESMExports();
});

/** Runs work on an engine of two threads, which leaves none behind. */
async function withEngine(work: (engine: ProvingEngine) => Promise<void>): Promise<void> {
  const engine = await createWasmEngine({ threads: 2 });
  try {
    await work(engine);
  } finally {
    await engine.close();
  }
  assert.equal(threads.size, 0);
}

/** Does something when a stage begins. */
function watch(act: (stage: string) => unknown) {
  stages = [];
  return {
    stage(name: string) {
      stages.push(name);
      act(name);
    },
    advance() {},
  };
}

async function requireSound(engine: ProvingEngine): Promise<void> {
  assert.deepEqual(await engine.prove(key, witness, { randomness }), expected);
}

/** Where the threads' own regions begin, and less than their bytes. */
const REGIONS = 16384;
const REGION_BYTES = 2 ** 21;

/** The stages of a first proof, the last of them while the threads multiply. */
const STAGES = ['decode the key', 'evaluate', 'transform', 'multiply'];

test('behavior: a first proof names its stages', async () => {
  await withEngine(async (engine) => {
    await engine.prove(key, witness, { progress: watch(() => {}) });
    assert.deepEqual(stages, STAGES);
    await engine.prove(key, witness, { progress: watch(() => {}) });
    assert.deepEqual(stages, STAGES.slice(1));
  });
});

for (const stage of STAGES) {
  test(`error: a thread dies, stage “${stage}”; the next proof is right`, async () => {
    await withEngine(async (engine) => {
      const progress = watch((now) => {
        if (now === stage) void [...threads][1]!.terminate();
      });
      const proof = engine.prove(key, witness, { progress });
      await assert.rejects(proof, { code: 'PROVER_WORKER_FAILED' });
      await requireSound(engine);
    });
  });

  test(`error: aborted, stage “${stage}”; the next proof is right`, async () => {
    await withEngine(async (engine) => {
      const abort = new AbortController();
      const progress = watch((now) => {
        if (now === stage) setImmediate(() => abort.abort(new Error('enough')));
      });
      const proof = engine.prove(key, witness, { progress, signal: abort.signal });
      await assert.rejects(proof, /enough/);
      assert.equal(stages.at(-1), stage);
      await requireSound(engine);
    });
  });

  test(`error: closed, stage “${stage}”, with another proof waiting`, async () => {
    await withEngine(async (engine) => {
      let closing: Promise<void> | undefined;
      const progress = watch((now) => {
        if (now === stage) closing = engine.close();
      });
      const proofs = [engine.prove(key, witness, { progress }), engine.prove(key, witness)];
      for (const proof of proofs) {
        proof.catch(() => {});
        await assert.rejects(proof, { code: 'PROVER_ENGINE_CLOSED' });
      }
      await closing;
      assert.equal(threads.size, 0);
    });
  });
}

test('error: a thread dies between proofs', async () => {
  await withEngine(async (engine) => {
    await requireSound(engine);
    await [...threads][0]!.terminate();
    await requireSound(engine);
  });
});

test('error: a kernel traps', async () => {
  const pool = await createKernelPool(2);
  const space = pool.openSpace();
  const trap = space.run([[['g1ClearBuckets', 2 ** 32 - 64, 1000]]]);
  await assert.rejects(trap, { code: 'PROVER_WORKER_FAILED' });
  await assert.rejects(space.run([]), { code: 'PROVER_WORKER_FAILED' });
  await pool.close();
  assert.equal(threads.size, 0);
});

test('behavior: proofs that wait, one of them aborted, do not disturb each other', async () => {
  await withEngine(async (engine) => {
    const abort = new AbortController();
    const first = engine.prove(key, witness, { randomness });
    const second = engine.prove(key, witness, { signal: abort.signal });
    const third = engine.prove(key, witness, { randomness });
    abort.abort(new Error('enough'));
    await assert.rejects(second, /enough/);
    assert.deepEqual([await first, await third], [expected, expected]);
  });
});

for (const stop of ['nothing', 'abort', 'death']) {
  test(`behavior: the witness is wiped from memory, also after: ${stop}`, async (context) => {
    const memories = new Set<KernelMemory>();
    const allocate = KernelMemory.prototype.allocate;
    context.mock.method(
      KernelMemory.prototype,
      'allocate',
      function (this: KernelMemory, bytes: number) {
        memories.add(this);
        return allocate.call(this, bytes);
      },
    );
    const secret = Buffer.from(witness.bytes.subarray(32 * 200, 32 * 201));
    const all = () => [...memories].map((memory) => memory.bytes(0, memory.byteLength));
    const isFound = () => all().some((bytes) => Buffer.from(bytes).includes(secret));
    const areRegionsUsed = () =>
      all().some((bytes) => bytes.subarray(REGIONS, REGIONS + REGION_BYTES).some((x) => x !== 0));
    await withEngine(async (engine) => {
      const abort = new AbortController();
      let wasFound = false;
      const progress = watch((stage) => {
        if (stage !== 'multiply') return;
        wasFound = isFound() && areRegionsUsed();
        if (stop === 'abort') setImmediate(() => abort.abort());
        if (stop === 'death') void [...threads][0]!.terminate();
      });
      const proof = engine.prove(key, witness, { progress, signal: abort.signal });
      await (stop === 'nothing' ? proof : assert.rejects(proof));
      assert.ok(wasFound);
      assert.ok(!isFound());
      assert.ok(!areRegionsUsed());
    });
  });
}
