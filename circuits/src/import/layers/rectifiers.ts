import { type GraphTensor, type LayerCall, soleInput } from '../layer-call.ts';
import { invalidConfig, unsupportedOption } from '../layer-errors.ts';
import { clipped } from './activation.ts';

/** TF.js's and Keras's default slope of `LeakyReLU`. */
const DEFAULT_LEAK = 0.3;

/**
 * `ReLU`, with `max_value`. A slope or a threshold is refused: TF.js ignores both without a word,
 * so that such a model means one thing there and another in Keras.
 */
export function convertReLU(call: LayerCall): GraphTensor {
  const { config, layer } = call;
  for (const option of ['negative_slope', 'threshold']) {
    const value = config.number(option, 0);
    const hint = option === 'threshold' ? 'Use a bias.' : 'Use the layer LeakyReLU.';
    if (value !== 0) throw unsupportedOption(layer, option, value, '0', hint);
  }
  const max = config.raw('max_value') === undefined ? Infinity : config.number('max_value', 0);
  if (max < 0) throw invalidConfig(layer, 'max_value', max, 'at least 0');
  return clipped(call, soleInput(call), '', 0, max);
}

/** `LeakyReLU`; newer Keras calls `alpha` `negative_slope`. */
export function convertLeakyReLU(call: LayerCall): GraphTensor {
  const { config, layer } = call;
  const slope = config.number('alpha', config.number('negative_slope', DEFAULT_LEAK));
  if (!(slope >= 0 && slope < 1)) {
    throw unsupportedOption(layer, 'alpha', slope, 'a slope in [0, 1)');
  }
  const input = soleInput(call);
  return call.emit('', { kind: 'leakyRelu', slope }, [input], input.shape);
}
