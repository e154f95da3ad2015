import type { Padding2d } from '../../graph/float-graph.ts';
import { type GraphTensor, type LayerCall, requireChannelsLast, soleInput } from '../layer-call.ts';
import { invalidConfig } from '../layer-errors.ts';

/** `ZeroPadding2D`: `padding` is n, [rows, columns] or [[top, bottom], [left, right]]. */
export function convertZeroPadding2d(call: LayerCall): GraphTensor {
  requireChannelsLast(call);
  const input = soleInput(call, 3);
  const padding = paddingOf(call);
  const [rows, columns, channels] = input.shape as [number, number, number];
  const height = rows + padding.top + padding.bottom;
  const width = columns + padding.left + padding.right;
  return call.emit('', { kind: 'pad2d', padding }, [input], [height, width, channels]);
}

function paddingOf({ layer, config }: LayerCall): Padding2d {
  const given = config.raw('padding') ?? 1;
  const [vertical, horizontal] = twoOf(given);
  const [top, bottom] = twoOf(vertical);
  const [left, right] = twoOf(horizontal);
  const values = [top, bottom, left, right];
  if (!values.every((value) => Number.isSafeInteger(value) && Number(value) >= 0)) {
    throw invalidConfig(layer, 'padding', given, 'n, [rows, columns] or pairs of them');
  }
  const [t, b, l, r] = values as [number, number, number, number];
  return { top: t, bottom: b, left: l, right: r };
}

/** Both members of a pair; a single value stands for two. */
function twoOf(value: unknown): [unknown, unknown] {
  if (!Array.isArray(value)) return [value, value];
  return value.length === 2 ? [value[0], value[1]] : [undefined, undefined];
}
