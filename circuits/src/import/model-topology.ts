import { InputError } from '@zkinfer/core';
import { isJsonObject, type JsonObject, memberOf } from './json-object.ts';
import type { LayerIdentity } from './layer-errors.ts';
import { parseTensorKeys, type TensorKey } from './tensor-key.ts';

/** A model as layers and their calls; a Sequential model reads as the chain that it is. */
export interface ModelTopology {
  readonly name: string;
  readonly layers: ReadonlyMap<string, TopologyLayer>;
  readonly inputs: readonly TensorKey[];
  readonly outputs: readonly TensorKey[];
}

/** A layer with its calls: a shared layer has several. */
export interface TopologyLayer extends LayerIdentity {
  readonly config: JsonObject;
  /** The inputs of each call; none for an InputLayer. */
  readonly calls: readonly (readonly TensorKey[])[];
  /** Where the layer is itself a model. */
  readonly model?: ModelTopology;
}

/** Class names of models, which may stand as layers in others. */
export const MODEL_CLASSES: readonly string[] = ['Sequential', 'Functional', 'Model'];

/**
 * Reads `{class_name, config}` of a model.
 * @throws InputError CIRCUITS_MODEL_FORMAT if it is no model, CIRCUITS_MODEL_TOPOLOGY if it is
 * malformed
 */
export function readModelTopology(json: JsonObject): ModelTopology {
  const className = memberOf(json, 'class_name');
  if (!MODEL_CLASSES.includes(String(className))) {
    throw new InputError({
      code: 'CIRCUITS_MODEL_FORMAT',
      what: 'the topology is of an unknown kind of model',
      got: JSON.stringify(className),
      expected: MODEL_CLASSES.join(', '),
    });
  }
  const config = memberOf(json, 'config');
  return className === 'Sequential' ? readSequential(config) : readFunctional(config);
}

/** A defect in how layers are put together, as an error to throw. */
export function topologyError(what: string, got: unknown, expected: string): InputError {
  return new InputError({
    code: 'CIRCUITS_MODEL_TOPOLOGY',
    what,
    got: JSON.stringify(got)?.slice(0, 200) ?? 'nothing',
    expected,
  });
}

/** Old files give the list of layers alone as `config`. */
function readSequential(config: unknown): ModelTopology {
  const list = isJsonObject(config) ? memberOf(config, 'layers') : config;
  const name = isJsonObject(config) ? memberOf(config, 'name') : undefined;
  const entries = layerEntries(list);
  if (entries.length === 0) throw topologyError('a Sequential model is empty', list, 'layers');
  if (classOf(entries[0]!) !== 'InputLayer') entries.unshift(inputBefore(entries[0]!));
  const keys = entries.map((entry) => ({ layer: nameOf(entry), call: 0, index: 0 }));
  const layers = entries.map((entry, i) => readLayer(entry, i === 0 ? [] : [[keys[i - 1]!]]));
  return {
    name: typeof name === 'string' ? name : 'sequential',
    layers: byName(layers),
    inputs: [keys[0]!],
    outputs: [keys.at(-1)!],
  };
}

/** The input that a Sequential model implies, named as TF.js names it. */
function inputBefore(first: JsonObject): JsonObject {
  const config = { batch_input_shape: impliedInputShape(first) };
  return { name: `${nameOf(first)}_input`, class_name: 'InputLayer', config };
}

/**
 * A first layer carries the shape of the model's input, or is a model whose own first layer does.
 */
function impliedInputShape(entry: JsonObject): unknown {
  const config = memberOf(entry, 'config');
  if (isJsonObject(config) && memberOf(config, 'batch_input_shape') !== undefined) {
    return memberOf(config, 'batch_input_shape');
  }
  if (!MODEL_CLASSES.includes(classOf(entry))) return undefined;
  const [first] = layerEntries(isJsonObject(config) ? memberOf(config, 'layers') : config);
  return first === undefined ? undefined : impliedInputShape(first);
}

function readFunctional(config: unknown): ModelTopology {
  if (!isJsonObject(config)) throw topologyError('a model has no config', config, 'an object');
  const layers = layerEntries(memberOf(config, 'layers')).map((entry) => {
    const nodes = memberOf(entry, 'inbound_nodes') ?? [];
    if (!Array.isArray(nodes)) throw topologyError('inbound nodes are no list', nodes, 'a list');
    return readLayer(entry, nodes.map(parseTensorKeys));
  });
  const name = memberOf(config, 'name');
  return countModelCallsFromZero({
    name: typeof name === 'string' ? name : 'model',
    layers: byName(layers),
    inputs: parseTensorKeys(memberOf(config, 'input_layers')),
    outputs: parseTensorKeys(memberOf(config, 'output_layers')),
  });
}

/**
 * Keras and TF.js count the calls of a nested model from 1, since its own making is call 0
 * (Container.getConfig in tfjs-layers, `_should_skip_first_node` in Keras 2); of some Sequential
 * models from 0. Brings all to 0.
 */
function countModelCallsFromZero(model: ModelTopology): ModelTopology {
  const first = new Map<string, number>();
  const calls = [...model.layers.values()].flatMap((layer) => layer.calls);
  for (const { layer, call } of [...calls.flat(), ...model.inputs, ...model.outputs]) {
    if (model.layers.get(layer)?.model) {
      first.set(layer, Math.min(call, first.get(layer) ?? call));
    }
  }
  const shifted = (key: TensorKey) => ({ ...key, call: key.call - (first.get(key.layer) ?? 0) });
  const layers = [...model.layers.values()].map((layer) => ({
    ...layer,
    calls: layer.calls.map((inputs) => inputs.map(shifted)),
  }));
  return { ...model, layers: byName(layers), outputs: model.outputs.map(shifted) };
}

function readLayer(entry: JsonObject, calls: readonly TensorKey[][]): TopologyLayer {
  const config = memberOf(entry, 'config') ?? {};
  const className = classOf(entry);
  const model = MODEL_CLASSES.includes(className) ? readModelTopology(entry) : undefined;
  return {
    name: nameOf(entry),
    className,
    config: isJsonObject(config) ? config : {},
    calls,
    ...(model !== undefined && { model }),
  };
}

function layerEntries(list: unknown): JsonObject[] {
  if (Array.isArray(list) && list.every(isJsonObject)) return [...list];
  throw topologyError('a model has no layers', list, 'a list of layers');
}

function classOf(entry: JsonObject): string {
  const className = memberOf(entry, 'class_name');
  if (typeof className === 'string') return className;
  throw topologyError('a layer has no class name', entry, '"class_name"');
}

function nameOf(entry: JsonObject): string {
  const config = memberOf(entry, 'config');
  const name = memberOf(entry, 'name') ?? (isJsonObject(config) ? config.name : undefined);
  if (typeof name === 'string' && name !== '') return name;
  throw topologyError('a layer has no name', entry, '"name"');
}

function byName(layers: readonly TopologyLayer[]): Map<string, TopologyLayer> {
  const map = new Map(layers.map((layer) => [layer.name, layer]));
  if (map.size === layers.length) return map;
  const names = layers.map((layer) => layer.name);
  throw topologyError('two layers have the same name', names, 'names of their own');
}
