import { type GraphTensor, type LayerCall, soleInput } from '../layer-call.ts';
import { unsupportedOption } from '../layer-errors.ts';

/** `Softmax` over the last axis. That nothing follows it is checked on the whole graph. */
export function convertSoftmax(call: LayerCall): GraphTensor {
  const input = soleInput(call);
  const axis = call.config.number('axis', -1);
  if (axis !== -1 && axis !== input.shape.length) {
    throw unsupportedOption(call.layer, 'axis', axis, 'the last axis');
  }
  return call.emit('', { kind: 'softmax' }, [input], input.shape);
}
