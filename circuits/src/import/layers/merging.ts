import type { GraphTensor, LayerCall } from '../layer-call.ts';
import { invalidConfig, shapeError, unsupportedOption } from '../layer-errors.ts';

/** `Add` of two or more tensors of one shape (no broadcasting). */
export function convertAdd(call: LayerCall): GraphTensor {
  const shape = call.inputs[0]?.shape ?? [];
  const alike = call.inputs.every((input) => input.shape.join() === shape.join());
  if (call.inputs.length < 2 || !alike) throw shapeError(call.layer, shapes(call), 'equal shapes');
  return call.emit('', { kind: 'add' }, call.inputs, shape);
}

/**
 * `Concatenate`; its axis counts the batch, or is −1 for the last. Other negative ones are refused:
 * TF.js joins the last axis for them too (`concatenate` in tfjs-layers, backend/tfjs_backend.ts),
 * Keras the one that they name.
 */
export function convertConcatenate(call: LayerCall): GraphTensor {
  const { layer, config, inputs } = call;
  const rank = inputs[0]?.shape.length ?? 0;
  const given = config.number('axis', -1);
  if (given < -1) {
    const hint = 'Name the axis from the front, the batch counted.';
    throw unsupportedOption(layer, 'axis', given, 'a positive axis or -1', hint);
  }
  const axis = given === -1 ? rank - 1 : given - 1;
  if (!Number.isInteger(axis) || axis < 0 || axis >= rank) {
    throw invalidConfig(
      layer,
      'axis',
      given,
      `an axis of [${inputs[0]?.shape}] with the batch first`,
    );
  }
  const others = ({ shape }: GraphTensor) => shape.map((n, i) => (i === axis ? -1 : n)).join();
  if (inputs.length < 2 || !inputs.every((input) => others(input) === others(inputs[0]!))) {
    throw shapeError(layer, shapes(call), `shapes that differ on axis ${given} alone`);
  }
  const total = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0);
  const shape = inputs[0]!.shape.map((extent, i) => (i === axis ? total : extent));
  return call.emit('', { kind: 'concat', axis }, inputs, shape);
}

function shapes(call: LayerCall): string {
  return call.inputs.map((input) => `[${input.shape}]`).join(' and ') || 'no inputs';
}
