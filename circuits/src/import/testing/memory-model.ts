import type { io, LayersModel } from '@tensorflow/tfjs';
import type { SeededRandom } from '@zkinfer/core/testing';
import type { Tensorflow } from '../../float/tensorflow.ts';
import type { ModelSource } from '../model-source.ts';

/** The files of a TF.js model in memory, open to whatever a test wants to do to them. */
export interface MemoryModel {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into any corner of it to damage it.
  json: any;
  readonly shards: Map<string, Uint8Array>;
}

/**
 * Fills a model with random weights (variances positive) and saves it, its weights cut into three
 * shards.
 */
export async function saveToMemory(
  tf: Tensorflow,
  model: LayersModel,
  random: SeededRandom,
): Promise<MemoryModel> {
  const weights = model.weights.map(({ shape, name }) => {
    const size = (shape as number[]).reduce((product, extent) => product * extent, 1);
    const lowest = name.includes('variance') ? 0.5 : -1;
    const values = Float32Array.from({ length: size }, () => random.float(lowest, 1));
    return tf.tensor(values, shape as number[]);
  });
  model.setWeights(weights);
  let saved: io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const bytes = new Uint8Array(saved!.weightData as ArrayBuffer);
  return memoryModel(saved!.modelTopology, saved!.weightSpecs!, bytes);
}

/** The files of a model from its parts. */
export function memoryModel(
  topology: unknown,
  weights: readonly io.WeightsManifestEntry[],
  bytes: Uint8Array,
): MemoryModel {
  // Cuts at odd places: weights straddle shards and start unaligned.
  const cuts = [0, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2) + 1, bytes.length];
  const paths = ['shard1.bin', 'shard2.bin', 'shard3.bin'];
  const shards = new Map(paths.map((path, i) => [path, bytes.slice(cuts[i], cuts[i + 1])]));
  const parts = { modelTopology: topology, weightsManifest: [{ paths, weights }] };
  // A round trip through text, as a file makes it: nothing is shared with the model that was saved.
  return { json: JSON.parse(JSON.stringify({ format: 'layers-model', ...parts })), shards };
}

/** A source that reads the files of a memory model; `text` stands in for its JSON. */
export function memorySource(model: MemoryModel, text = JSON.stringify(model.json)): ModelSource {
  return {
    name: 'memory',
    readModelJson: async () => text,
    readShard: async (path) => model.shards.get(path)!,
  };
}
