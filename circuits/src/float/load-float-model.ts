import type { io, Tensor } from '@tensorflow/tfjs';
import { InputError } from '@zkinfer/core';
import type { ModelSource } from '../import/model-source.ts';
import { readTfjsModel, type TfjsModel } from '../import/read-tfjs-model.ts';
import { sampleCount } from './sample-count.ts';
import type { Tensorflow } from './tensorflow.ts';

/**
 * The original model, run by TensorFlow.js itself: what import and quantisation are measured
 * against.
 */
export interface FloatModel {
  /** Shapes without batch, in the model's order. */
  readonly inputShapes: readonly (readonly number[])[];
  readonly outputShapes: readonly (readonly number[])[];
  /**
   * @param inputs for each input, in the model's order, the samples one after the other
   * @returns for each output the samples one after the other
   * @throws InputError CIRCUITS_FLOAT_INPUT if the inputs do not fit the model
   */
  predict(inputs: readonly Float32Array[]): Promise<Float32Array[]>;
  dispose(): void;
}

/** Samples per pass of `predict`. */
const BATCH = 64;

/**
 * Loads a TF.js Layers model into TensorFlow.js; of its files we check only that they are whole.
 * @throws InputError as `readTfjsModel`, and CIRCUITS_FLOAT_MODEL where TensorFlow.js itself
 * refuses the model
 */
export async function loadFloatModel(tf: Tensorflow, source: ModelSource): Promise<FloatModel> {
  const file = await readTfjsModel(source);
  const model = await tf.loadLayersModel({ load: async () => artifacts(file) }).catch((cause) => {
    throw new InputError({
      code: 'CIRCUITS_FLOAT_MODEL',
      what: `TensorFlow.js cannot load ${source.name}`,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
  const inputShapes = model.inputs.map(({ shape }) => shape.slice(1) as number[]);
  return {
    inputShapes,
    outputShapes: model.outputs.map(({ shape }) => shape.slice(1) as number[]),
    predict: async (inputs) => {
      const count = sampleCount(inputShapes, inputs);
      const outputs = tf.tidy(() => {
        const tensors = inputShapes.map((shape, i) => tf.tensor(inputs[i]!, [count, ...shape]));
        const predicted = model.predict(tensors, { batchSize: BATCH });
        return Array.isArray(predicted) ? predicted : [predicted];
      });
      return fetchAll(outputs);
    },
    dispose: () => {
      model.dispose();
    },
  };
}

function artifacts({ topology, weightEntries, weightBytes }: TfjsModel): io.ModelArtifacts {
  return {
    modelTopology: topology,
    weightSpecs: weightEntries as unknown as io.WeightsManifestEntry[],
    weightData: weightBytes.buffer as ArrayBuffer,
  };
}

async function fetchAll(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  const values: Float32Array[] = [];
  for (const tensor of tensors) values.push(Float32Array.from(await tensor.data()));
  for (const tensor of new Set(tensors)) tensor.dispose();
  return values;
}
