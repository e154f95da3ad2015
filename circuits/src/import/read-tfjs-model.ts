import { InputError } from '@zkinfer/core';
import { isJsonObject, type JsonObject, memberOf } from './json-object.ts';
import type { ModelSource } from './model-source.ts';
import { parseWeightEntry, storedByteLength, type WeightEntry } from './weight-entry.ts';

/**
 * The files of a TF.js Layers model, read and consistent with each other; the topology is not
 * looked into.
 */
export interface TfjsModel {
  /** `{class_name, config}` of the outermost model. */
  readonly topology: JsonObject;
  readonly weightEntries: readonly WeightEntry[];
  /** The stored form of all weights, in the order of `weightEntries`, without gaps. */
  readonly weightBytes: Uint8Array;
}

/**
 * Reads `model.json` and every weight file that it names.
 * @throws InputError CIRCUITS_MODEL_NOT_JSON, CIRCUITS_MODEL_FORMAT, CIRCUITS_MODEL_MANIFEST,
 * CIRCUITS_MODEL_WEIGHT_DTYPE, CIRCUITS_MODEL_WEIGHTS_TRUNCATED, CIRCUITS_MODEL_WEIGHTS_OVERSIZED,
 * and what the source throws
 */
export async function readTfjsModel(source: ModelSource): Promise<TfjsModel> {
  const json = parseModelJson(await source.readModelJson(), source.name);
  const topology = topologyOf(json, source.name);
  const groups = manifestGroups(json);
  const weightEntries = groups.flatMap((group) => group.entries);
  refuseDuplicates(weightEntries);
  const parts: Uint8Array[] = [];
  for (const group of groups) parts.push(...(await readGroup(group, source)));
  return { topology, weightEntries, weightBytes: joined(parts) };
}

interface ManifestGroup {
  readonly paths: readonly string[];
  readonly entries: readonly WeightEntry[];
}

function parseModelJson(text: string, name: string): JsonObject {
  // HDF5 and zip files begin so; their first byte may not survive decoding as text.
  if (/^.?HDF\r?\n/.test(text) || text.startsWith('PK\u0003\u0004')) {
    throw formatError(name, 'a Keras file (.h5 or .keras)', KERAS_HINT);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError({
      code: 'CIRCUITS_MODEL_NOT_JSON',
      what: `${name} is not JSON`,
      got: JSON.stringify(text.slice(0, 40)),
      expected: 'the model.json of a TF.js Layers model',
      cause,
    });
  }
  if (!isJsonObject(json)) throw formatError(name, 'JSON that is no object');
  return json;
}

const KERAS_HINT =
  'Convert it: tensorflowjs_converter --input_format=keras --output_format=tfjs_layers_model.';

function topologyOf(json: JsonObject, name: string): JsonObject {
  const outer = json.modelTopology;
  if (json.format === 'graph-model' || (isJsonObject(outer) && Array.isArray(outer.node))) {
    throw formatError(
      name,
      'a TF.js graph model, whose layers are lost',
      'Convert the Keras model with --output_format=tfjs_layers_model instead.',
    );
  }
  if (!isJsonObject(outer)) throw formatError(name, 'no "modelTopology"');
  const inner = memberOf(outer, 'model_config') ?? outer;
  if (!isJsonObject(inner) || typeof memberOf(inner, 'class_name') !== 'string') {
    throw formatError(name, 'a "modelTopology" without a model');
  }
  return inner;
}

function manifestGroups(json: JsonObject): ManifestGroup[] {
  const manifest = json.weightsManifest;
  if (!Array.isArray(manifest)) throw manifestError('a list', manifest);
  return manifest.map((group: unknown) => {
    if (!isJsonObject(group)) throw manifestError('groups of {paths, weights}', group);
    const { paths, weights } = group;
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string')) {
      throw manifestError('file names in "paths"', paths);
    }
    if (!Array.isArray(weights)) throw manifestError('a list in "weights"', weights);
    return { paths, entries: weights.map(parseWeightEntry) };
  });
}

/** Shards of a group follow each other; a weight may begin in one and end in the next. */
async function readGroup(group: ManifestGroup, source: ModelSource): Promise<Uint8Array[]> {
  const expected = group.entries.reduce((sum, entry) => sum + storedByteLength(entry), 0);
  const parts: Uint8Array[] = [];
  for (const path of group.paths) parts.push(await source.readShard(path));
  const got = parts.reduce((sum, part) => sum + part.length, 0);
  if (got !== expected) {
    const truncated = got < expected;
    throw new InputError({
      code: `CIRCUITS_MODEL_WEIGHTS_${truncated ? 'TRUNCATED' : 'OVERSIZED'}`,
      what: `the weight files hold ${truncated ? 'less' : 'more'} than model.json describes`,
      got: `${got} bytes in ${group.paths.join(', ')}`,
      expected: `${expected} bytes`,
      hint: 'Fetch or export the model again: the files do not belong together or are incomplete.',
    });
  }
  return parts;
}

function refuseDuplicates(entries: readonly WeightEntry[]): void {
  const names = new Set<string>();
  for (const { name } of entries) {
    if (names.has(name)) throw manifestError('each weight once', name);
    names.add(name);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function manifestError(expected: string, got: unknown): InputError {
  return new InputError({
    code: 'CIRCUITS_MODEL_MANIFEST',
    what: 'the "weightsManifest" of model.json is malformed',
    got: JSON.stringify(got)?.slice(0, 200) ?? 'nothing',
    expected,
  });
}

function formatError(name: string, got: string, hint = KERAS_HINT): InputError {
  return new InputError({
    code: 'CIRCUITS_MODEL_FORMAT',
    what: `${name} is no TF.js Layers model`,
    got,
    expected: 'a model.json with "modelTopology" and "weightsManifest"',
    hint,
  });
}
