import { InputError } from '@zkinfer/core';
import { elementCount } from '../graph/shape.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

/**
 * One weight as the manifest of a TF.js model describes it, and the size of its stored form.
 * Format: `WeightsManifestEntry` of tfjs-core, io/types.ts.
 */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** 'optimizer' for what only training needs. */
  readonly group?: string;
  readonly quantization?: WeightQuantization;
}

/** uint8 and uint16 stand for scale · stored + min; float16 is IEEE binary16 and has neither. */
export interface WeightQuantization {
  readonly dtype: 'uint8' | 'uint16' | 'float16';
  readonly scale: number;
  readonly min: number;
}

const BYTES_PER_VALUE: ReadonlyMap<string, number> = new Map([
  ['float32', 4],
  ['int32', 4],
  ['complex64', 8],
  ['bool', 1],
]);

const BYTES_PER_QUANTIZED = { uint8: 1, uint16: 2, float16: 2 } as const;

/**
 * An entry from its JSON.
 * @throws InputError CIRCUITS_MODEL_MANIFEST if it is malformed, CIRCUITS_MODEL_WEIGHT_DTYPE for a
 * type of unknown size
 */
export function parseWeightEntry(json: unknown): WeightEntry {
  if (!isJsonObject(json) || typeof json.name !== 'string') {
    throw manifestError('a weight of the manifest has no name', json);
  }
  const { name, shape, dtype, group } = json;
  if (
    !Array.isArray(shape) ||
    !shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)
  ) {
    throw manifestError(`weight ${name} has no valid shape`, shape);
  }
  if (!Number.isSafeInteger(elementCount(shape) * 8)) {
    throw manifestError(`weight ${name} is too large`, shape);
  }
  if (typeof dtype !== 'string' || !BYTES_PER_VALUE.has(dtype)) {
    throw dtypeError(name, dtype, [...BYTES_PER_VALUE.keys()]);
  }
  return {
    name,
    shape,
    dtype,
    ...(typeof group === 'string' && { group }),
    ...(isJsonObject(json.quantization) && {
      quantization: parseQuantization(name, json.quantization),
    }),
  };
}

/** Bytes that the weight takes in its file. */
export function storedByteLength(entry: WeightEntry): number {
  const bytes =
    entry.quantization === undefined
      ? BYTES_PER_VALUE.get(entry.dtype)!
      : BYTES_PER_QUANTIZED[entry.quantization.dtype];
  return elementCount(entry.shape) * bytes;
}

/** A type that cannot be used, as an error to throw. */
export function dtypeError(name: string, got: unknown, expected: readonly string[]): InputError {
  return new InputError({
    code: 'CIRCUITS_MODEL_WEIGHT_DTYPE',
    what: `weight ${name} has a type that cannot be read`,
    got: JSON.stringify(got),
    expected: expected.join(', '),
  });
}

function parseQuantization(name: string, json: JsonObject): WeightQuantization {
  const { dtype, scale = 1, min = 0 } = json;
  if (dtype !== 'uint8' && dtype !== 'uint16' && dtype !== 'float16') {
    throw dtypeError(name, dtype, Object.keys(BYTES_PER_QUANTIZED));
  }
  const described = json.scale !== undefined && json.min !== undefined;
  if ((dtype !== 'float16' && !described) || !Number.isFinite(scale) || !Number.isFinite(min)) {
    throw manifestError(`weight ${name} is stored as ${dtype} without a valid scale and min`, json);
  }
  return { dtype, scale: Number(scale), min: Number(min) };
}

function manifestError(what: string, got: unknown): InputError {
  return new InputError({
    code: 'CIRCUITS_MODEL_MANIFEST',
    what,
    got: JSON.stringify(got)?.slice(0, 200) ?? 'nothing',
    hint: 'The "weightsManifest" of model.json is damaged; export the model again.',
  });
}
