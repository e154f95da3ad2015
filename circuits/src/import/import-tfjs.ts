import { InputError } from '@zkinfer/core';
import type { FloatGraph } from '../graph/float-graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { importModel } from './import-model.ts';
import type { GraphTensor } from './layer-call.ts';
import { LayerConfig } from './layer-config.ts';
import { layerLabel, shapeError } from './layer-errors.ts';
import type { ModelSource } from './model-source.ts';
import { type ModelTopology, readModelTopology, topologyError } from './model-topology.ts';
import { readTfjsModel } from './read-tfjs-model.ts';
import { WeightStore } from './weight-store.ts';

/**
 * Imports a TF.js Layers model, Sequential or functional, nested and shared layers included, with
 * several inputs and outputs. What layers mean is what TF.js makes of them at inference. The graph
 * is as the file has it: batch normalisation stays an `affine` of its own (see `foldAffine`).
 * @throws InputError CIRCUITS_MODEL_* for files that are damaged, foreign or do not belong
 * together, CIRCUITS_UNSUPPORTED_LAYER, _OPTION and _ACTIVATION for sound models that zkinfer
 * cannot compile
 */
export async function importTfjs(source: ModelSource): Promise<FloatGraph> {
  const file = await readTfjsModel(source);
  const model = readModelTopology(file.topology);
  const weights = new WeightStore(file);
  const builder = new GraphBuilder();
  const inputs = addInputs(model, builder);
  const outputs = importModel(model, inputs, { builder, weights });
  if (outputs.length === 0) throw topologyError('the model has no outputs', [], 'at least one');
  weights.refuseUnused();
  const graph = builder.build(model.name, outputs);
  refuseInnerSoftmax(graph);
  return graph;
}

function addInputs(model: ModelTopology, builder: GraphBuilder): GraphTensor[] {
  return model.inputs.map((key) => {
    const layer = model.layers.get(key.layer);
    if (layer?.className !== 'InputLayer') {
      throw topologyError('an input of the model is no InputLayer', key, 'an InputLayer');
    }
    const config = new LayerConfig(layer, layer.config);
    const shape = config.raw('batch_input_shape') ?? config.raw('batch_shape');
    if (!Array.isArray(shape) || shape.length < 2) {
      const got = JSON.stringify(shape) ?? 'no input shape';
      throw shapeError(layer, got, 'batch_input_shape, the batch first');
    }
    return builder.addInput(key.layer, shape.slice(1).map(fixedExtent(layerLabel(layer), shape)));
  });
}

function fixedExtent(label: string, shape: readonly unknown[]): (extent: unknown) => number {
  return (extent) => {
    if (typeof extent === 'number' && Number.isSafeInteger(extent) && extent > 0) return extent;
    throw new InputError({
      code: 'CIRCUITS_MODEL_DYNAMIC_SHAPE',
      what: `${label} has no fixed shape`,
      got: JSON.stringify(shape),
      expected: 'positive extents on every axis but the batch',
      hint: 'A circuit has one size: build the model with the input shape of its use.',
    });
  };
}

/** Softmax is left to whoever reads the output; inside a network it has no integer form. */
function refuseInnerSoftmax({ nodes }: FloatGraph): void {
  for (const { name, layer, operation } of nodes) {
    const consumer = nodes.find((node) => node.inputs.includes(name));
    if (operation.kind !== 'softmax' || consumer === undefined) continue;
    throw new InputError({
      code: 'CIRCUITS_UNSUPPORTED_OPTION',
      what: `the softmax of layer ${layer} is not the last layer`,
      got: `layer ${consumer.layer} after it`,
      expected: 'softmax as the last layer before an output',
    });
  }
}
