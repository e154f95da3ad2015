import { InputError } from '@zkinfer/core';

/** Which layer an error is about. */
export interface LayerIdentity {
  readonly name: string;
  readonly className: string;
}

/** `layer conv1 (Conv2D)`: how messages name a layer. */
export function layerLabel(layer: LayerIdentity): string {
  return `layer ${layer.name} (${layer.className})`;
}

/** CIRCUITS_UNSUPPORTED_OPTION: the layer is supported, this setting of it is not. */
export function unsupportedOption(
  layer: LayerIdentity,
  option: string,
  got: unknown,
  expected: string,
  hint?: string,
): InputError {
  return new InputError({
    code: 'CIRCUITS_UNSUPPORTED_OPTION',
    what: `${layerLabel(layer)} has an unsupported ${option}`,
    got: shown(got),
    expected,
    ...(hint !== undefined && { hint }),
  });
}

/** CIRCUITS_MODEL_CONFIG: a setting of the layer is missing or malformed. */
export function invalidConfig(
  layer: LayerIdentity,
  option: string,
  got: unknown,
  expected: string,
): InputError {
  return new InputError({
    code: 'CIRCUITS_MODEL_CONFIG',
    what: `${layerLabel(layer)} has an invalid ${option}`,
    got: shown(got),
    expected,
  });
}

/** CIRCUITS_MODEL_SHAPE: the layer cannot work on what it is given. */
export function shapeError(layer: LayerIdentity, got: string, expected: string): InputError {
  return new InputError({
    code: 'CIRCUITS_MODEL_SHAPE',
    what: `${layerLabel(layer)} does not fit its input`,
    got,
    expected,
  });
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 200) ?? String(value));
}
