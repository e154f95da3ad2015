import { InputError } from '@zkinfer/core';
import type { GraphBuilder } from './graph-builder.ts';
import type { GraphTensor, LayerCall } from './layer-call.ts';
import { LayerConfig } from './layer-config.ts';
import { layerLabel } from './layer-errors.ts';
import { LAYER_CONVERTERS } from './layers/layer-converters.ts';
import {
  MODEL_CLASSES,
  type ModelTopology,
  type TopologyLayer,
  topologyError,
} from './model-topology.ts';
import type { TensorKey } from './tensor-key.ts';
import type { WeightStore } from './weight-store.ts';

/** What all models of one file share while they become a graph. */
export interface ImportTarget {
  readonly builder: GraphBuilder;
  readonly weights: WeightStore;
}

/**
 * Appends a model to the graph, layer by layer as its outputs need them, and returns its outputs.
 * @param scope names of the models around this one and its own, outermost first; empty for the
 * outermost
 * @param inputs what is fed to it, in the order of its inputs
 * @throws InputError CIRCUITS_UNSUPPORTED_LAYER, CIRCUITS_MODEL_TOPOLOGY, and what converters throw
 */
export function importModel(
  model: ModelTopology,
  inputs: readonly GraphTensor[],
  target: ImportTarget,
  scope: readonly string[] = [],
): GraphTensor[] {
  if (inputs.length !== model.inputs.length) {
    const expected = `${model.inputs.length} inputs`;
    throw topologyError(`model ${model.name} is called otherwise`, inputs.length, expected);
  }
  const done = new Map<string, readonly GraphTensor[]>();
  const begun = new Set<string>();
  model.inputs.forEach((key, i) => {
    done.set(callId(key), [inputs[i]!]);
  });

  const tensorOf = (key: TensorKey): GraphTensor => {
    const tensor = outputsOf(key)[key.index];
    if (tensor !== undefined) return tensor;
    throw topologyError('a connection asks for an output that its layer has not', key, 'output 0');
  };
  const outputsOf = (key: TensorKey): readonly GraphTensor[] => {
    const id = callId(key);
    const known = done.get(id);
    if (known !== undefined) return known;
    if (begun.has(id)) throw topologyError('layers form a cycle', key.layer, 'no cycle');
    begun.add(id);
    const layer = model.layers.get(key.layer);
    const sources = layer?.calls[key.call];
    if (layer === undefined || sources === undefined) {
      throw topologyError('a connection comes from nowhere', key, 'a call of a layer of the model');
    }
    const outputs = importCall(layer, sources.map(tensorOf), target, scope);
    done.set(id, outputs);
    return outputs;
  };
  return model.outputs.map(tensorOf);
}

function callId(key: TensorKey): string {
  return `${key.call}/${key.layer}`;
}

function importCall(
  layer: TopologyLayer,
  inputs: readonly GraphTensor[],
  target: ImportTarget,
  scope: readonly string[],
): GraphTensor[] {
  const path = [...scope, layer.name];
  if (layer.model !== undefined) return importModel(layer.model, inputs, target, path);
  const convert = LAYER_CONVERTERS.get(layer.className);
  if (convert === undefined) throw unsupportedLayer(layer);
  return [convert(callOf(layer, path, inputs, target))];
}

function callOf(
  layer: TopologyLayer,
  path: readonly string[],
  inputs: readonly GraphTensor[],
  { builder, weights }: ImportTarget,
): LayerCall {
  const name = path.join('/');
  return {
    layer,
    config: new LayerConfig(layer, layer.config),
    inputs,
    weight: (weight, shape) => weights.take(path, weight, shape),
    emit: (suffix, operation, sources, shape) =>
      builder.addNode(suffix === '' ? name : `${name}/${suffix}`, name, operation, sources, shape),
  };
}

function unsupportedLayer(layer: TopologyLayer): InputError {
  const supported = [...LAYER_CONVERTERS.keys(), 'InputLayer', ...MODEL_CLASSES].sort();
  return new InputError({
    code: 'CIRCUITS_UNSUPPORTED_LAYER',
    what: `${layerLabel(layer)} is of a class that is not supported`,
    got: layer.className,
    expected: `one of ${supported.join(', ')}`,
    hint: 'Rebuild the model from these layers.',
  });
}
