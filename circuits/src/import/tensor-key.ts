import { InputError } from '@zkinfer/core';

/** A tensor between layers of a model file: output `index` of call `call` of a layer. */
export interface TensorKey {
  readonly layer: string;
  readonly call: number;
  readonly index: number;
}

/**
 * A list of tensors as `inbound_nodes`, `input_layers` and `output_layers` hold it: [[layer, call,
 * index, …], …], or one such entry alone.
 * @throws InputError CIRCUITS_MODEL_TOPOLOGY; Keras 3 writes objects here, which TF.js cannot load
 * either
 */
export function parseTensorKeys(json: unknown): TensorKey[] {
  if (!Array.isArray(json)) throw keyError(json);
  return typeof json[0] === 'string' ? [parseTensorKey(json)] : json.map(parseTensorKey);
}

function parseTensorKey(json: unknown): TensorKey {
  if (!Array.isArray(json)) throw keyError(json);
  const [layer, call, index] = json;
  if (typeof layer !== 'string' || !isIndex(call) || !isIndex(index)) throw keyError(json);
  return { layer, call, index };
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function keyError(got: unknown): InputError {
  return new InputError({
    code: 'CIRCUITS_MODEL_TOPOLOGY',
    what: 'a connection between layers cannot be read',
    got: JSON.stringify(got)?.slice(0, 200) ?? 'nothing',
    expected: '[layer, call, tensor]',
    hint: 'Keras 3 writes files otherwise: save with Keras 2 (tf-keras), then convert.',
  });
}
