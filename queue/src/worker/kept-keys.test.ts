/** Keys in memory: loaded once, released for others, loaded again; real keys of tiny models. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CompiledModel } from '@zkinfer/circuits';
import { type LoadedProvingKey, type ProvingEngine, proofMemoryBytes } from '@zkinfer/prover';
import { smallNetwork, writeProvableTestModel } from '../testing/small-model.ts';
import { KeptKeys, type OpenKeyOptions } from './kept-keys.ts';
import { networkMemoryBytes, placeOf } from './open-served-model.ts';

let folder: string;
let [a, b, c]: CompiledModel[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-kept-keys-'));
  const make = (name: string, weights: number[]) =>
    writeProvableTestModel(join(folder, name), smallNetwork(weights));
  a = await make('a', [1, 2, 3, 4]);
  b = await make('b', [1, 2, 3, 5]);
  c = await make('c', [1, 2, 3, 6]);
});
after(() => rm(folder, { recursive: true }));

/** Keys within a limit; what was loaded and released, by the name of the model's folder. */
function keysWithin(limitBytes: number) {
  const names = new Map<LoadedProvingKey, string>();
  const happened: string[] = [];
  const release = async (key: LoadedProvingKey) => void happened.push(`-${names.get(key)}`);
  const keys = new KeptKeys({ release } as unknown as ProvingEngine, limitBytes);
  const open = async (model: CompiledModel, options: OpenKeyOptions = {}) => {
    const provable = await keys.open(placeOf(model), options);
    if (!names.has(provable.key)) happened.push(`+${model.directory.path.at(-1)}`);
    names.set(provable.key, model.directory.path.at(-1)!);
    return provable;
  };
  return { keys, open, happened };
}

/** What a model counts as: they are all of one size. */
async function bytesOfOne(): Promise<number> {
  const { keys, open } = keysWithin(Number.POSITIVE_INFINITY);
  const { key } = await open(a!);
  const network = networkMemoryBytes(a!.directory.manifest);
  assert.equal(keys.bytes, network + key.file.bytes.length + proofMemoryBytes(key.file));
  return keys.bytes;
}

test('with room for one key, each other model drives out the one before', async () => {
  const { keys, open, happened } = keysWithin(1.5 * (await bytesOfOne()));
  for (const model of [a!, a!, b!, b!, a!]) await open(model);
  assert.deepEqual(happened, ['+a', '-a', '+b', '-b', '+a']);
  assert.equal(keys.bytes, await bytesOfOne());
});

test('with room for two keys, the one goes that was not used for longest', async () => {
  const { open, happened } = keysWithin(2.5 * (await bytesOfOne()));
  for (const model of [a!, b!, a!, c!, a!, b!]) await open(model);
  assert.deepEqual(happened, ['+a', '+b', '-b', '+c', '-c', '+b']);
});

test('a key that never fits is refused, and drives out nothing', async () => {
  const one = await bytesOfOne();
  const { open } = keysWithin(one - 1);
  await assert.rejects(open(a!), { code: 'QUEUE_MEMORY_LIMIT' });
  const { keyBytes } = { keyBytes: (await keysWithin(one).open(a!)).key.file.bytes.length };
  await assert.rejects(keysWithin(keyBytes - 1).open(a!), { code: 'QUEUE_MEMORY_LIMIT' });
});

test('the points of a key are checked unless its digest is trusted', async () => {
  const stagesOf = async (trustedSha256: string | undefined) => {
    const stages: string[] = [];
    const progress = { stage: (name: string) => stages.push(name), advance() {} };
    const { keySha256 } = await keysWithin(1e9).open(a!, { trustedSha256, progress });
    return { stages, keySha256 };
  };
  const first = await stagesOf(undefined);
  assert.deepEqual(first.stages, ['read the key', 'check the key']);
  assert.deepEqual((await stagesOf(first.keySha256)).stages, ['read the key']);
  assert.deepEqual((await stagesOf('0'.repeat(64))).stages, first.stages);
});

test('another key for the same model is another entry', async () => {
  const again = await writeProvableTestModel(join(folder, 'A'), smallNetwork([1, 2, 3, 4]));
  assert.equal(again.directory.manifest.modelDigest, a!.directory.manifest.modelDigest);
  const { open, happened } = keysWithin(1e9);
  const keys = [(await open(a!)).keySha256, (await open(again)).keySha256];
  assert.notEqual(keys[0], keys[1]);
  assert.deepEqual(happened, ['+a', '+A']);
});

test('a directory in which another model, or key, is now is refused', async () => {
  const { keys } = keysWithin(1e9);
  const moved = { ...placeOf(a!), directory: b!.directory.path };
  await assert.rejects(keys.open(moved), { code: 'QUEUE_MODEL_DIFFERS' });
  const rekeyed = { ...placeOf(a!), verificationKeyDigest: '0'.repeat(64) };
  await assert.rejects(keys.open(rekeyed), { code: 'QUEUE_MODEL_DIFFERS' });
  assert.throws(() => keys.require(placeOf(a!)), { code: 'QUEUE_MODEL_NOT_OPEN' });
});
