import type { FloatInput } from '../graph/float-graph.ts';
import type { ImagePreprocessing, NetworkInput } from '../graph/network.ts';
import type { TensorStatistics } from './tensor-statistics.ts';

const BYTE_BITS = 8;
/**
 * How near to half a step an offset may be before float32 rounding could send a byte to either
 * neighbour.
 */
const AMBIGUOUS = 0.05;

/**
 * Scale and range of an input. Pictures: byte p becomes p + lo, or 2p + lo where the offset falls
 * half-way between steps. Other inputs: the calibrated values, 0 always among them, over the
 * integers of the width asked for.
 */
export function inputTensor(
  { name, shape }: FloatInput,
  statistics: TensorStatistics,
  bits: number,
  image: ImagePreprocessing | undefined,
): NetworkInput {
  if (image !== undefined) return { name, shape, ...imageRange(image), image };
  const least = Math.min(0, statistics.min);
  const greatest = Math.max(0, statistics.max);
  const steps = 2 ** bits - 1;
  if (least === greatest) return { name, shape, scale: 1 / steps, lo: 0, bits };
  const lo = -Math.round((steps * least) / (least - greatest));
  const last = lo + steps;
  const scale = Math.max(last > 0 ? greatest / last : 0, lo < 0 ? least / lo : 0);
  return { name, shape, scale, lo, bits };
}

function imageRange({ scale, offset }: ImagePreprocessing) {
  const steps = offset / scale;
  const fromHalf = Math.abs(Math.abs(steps - Math.trunc(steps)) - 0.5);
  if (fromHalf > AMBIGUOUS) return { scale, lo: Math.floor(steps + 0.5), bits: BYTE_BITS };
  return { scale: scale / 2, lo: Math.floor(2 * steps + 0.5), bits: BYTE_BITS + 1 };
}
