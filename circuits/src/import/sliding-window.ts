import type { Padding2d, Window2d } from '../graph/float-graph.ts';
import type { LayerCall } from './layer-call.ts';
import { unsupportedOption } from './layer-errors.ts';

/** A window with its dilation (1, 1 for pooling). */
export interface DilatedWindow extends Window2d {
  readonly dilations: readonly [number, number];
}

/** How a layer states its window: all but the padding, which depends on the image. */
export type WindowSettings = Omit<DilatedWindow, 'padding'>;

/**
 * The window of a layer over an image of `extent` [rows, columns], its `padding` setting turned
 * into numbers.
 * @throws InputError CIRCUITS_UNSUPPORTED_OPTION for a padding other than valid, same and, on
 * sequences (one column), causal, and for strides together with dilation, which TF.js has not
 * either
 */
export function slidingWindow(
  call: LayerCall,
  extent: readonly [number, number],
  settings: WindowSettings,
): DilatedWindow {
  const { strides, dilations } = settings;
  if (Math.max(...strides) > 1 && Math.max(...dilations) > 1) {
    const got = { strides, dilations };
    throw unsupportedOption(call.layer, 'dilation', got, 'strides or dilations of 1');
  }
  return { ...settings, padding: padding(call, extent, settings) };
}

function padding(
  { layer, config }: LayerCall,
  extent: readonly [number, number],
  settings: WindowSettings,
): Padding2d {
  switch (config.word('padding', 'valid')) {
    case 'valid':
      return { top: 0, bottom: 0, left: 0, right: 0 };
    case 'same': {
      const [top, bottom] = sameAlong(0, extent, settings);
      const [left, right] = sameAlong(1, extent, settings);
      return { top, bottom, left, right };
    }
    case 'causal':
      if (layer.className === 'Conv1D') {
        const top = (settings.size[0] - 1) * settings.dilations[0];
        return { top, bottom: 0, left: 0, right: 0 };
      }
  }
  const expected = layer.className === 'Conv1D' ? 'valid, same or causal' : 'valid or same';
  throw unsupportedOption(layer, 'padding', config.raw('padding'), expected);
}

/**
 * [before, after] along an axis for padding `same`: ⌈extent / stride⌉ outputs, the odd element
 * behind. Source: TensorFlow, tf.nn "Notes on padding".
 */
function sameAlong(
  axis: 0 | 1,
  extent: readonly [number, number],
  { size, strides, dilations }: WindowSettings,
): [number, number] {
  const span = (size[axis] - 1) * dilations[axis] + 1;
  const outputs = Math.ceil(extent[axis] / strides[axis]);
  const total = Math.max((outputs - 1) * strides[axis] + span - extent[axis], 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}
