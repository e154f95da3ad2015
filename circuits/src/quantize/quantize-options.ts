import { InputError, type Progress, SILENT_PROGRESS } from '@zkinfer/core';
import type { ImagePreprocessing, OutputMeaning } from '../graph/network.ts';

/**
 * Bits of the weights, sign included: of all layers, of single ones by node or layer name (others
 * 8), or searched.
 */
export type WeightBits = number | 'auto' | ReadonlyMap<string, number>;

/** How a float graph is to be quantised. */
export interface QuantizeOptions {
  /** 2 to 16, or `auto` (the default): the fewest that keep the predictions, see `changedShare`. */
  readonly weightBits?: WeightBits;
  /**
   * Bits of the tensors between layers, 2 to 16 (tables take 8 at most), or `auto` (the default):
   * 8, or as many more as the search for weight bits needs to keep the predictions.
   */
  readonly activationBits?: number | 'auto';
  /**
   * What the outputs are; by default logits where the model ends in softmax, else its own last
   * tensor.
   */
  readonly output?: OutputMeaning;
  /** Names of the classes. */
  readonly labels?: readonly string[];
  /** The inputs are pictures: bytes become reals by this. */
  readonly image?: ImagePreprocessing;
  /** Largest share of predictions that the search for bits lets change, 0.001 by default. */
  readonly changedShare?: number;
  readonly progress?: Progress;
}

export const DEFAULT_WEIGHT_BITS = 8;
export const DEFAULT_ACTIVATION_BITS = 8;
export const MIN_BITS = 2;
/** Weights are stored in 16-bit integers. */
export const MAX_BITS = 16;

/** The options with defaults filled in. */
export interface ResolvedOptions {
  readonly weightBits: WeightBits;
  readonly activationBits: number | 'auto';
  readonly output: OutputMeaning | undefined;
  readonly labels: readonly string[] | undefined;
  readonly image: ImagePreprocessing | undefined;
  readonly changedShare: number;
  readonly progress: Progress;
}

/**
 * Fills in defaults.
 * @throws InputError CIRCUITS_QUANTIZE_OPTION naming the option that makes no sense.
 */
export function resolveOptions(options: QuantizeOptions): ResolvedOptions {
  const { weightBits = 'auto', activationBits = 'auto', changedShare = 0.001 } = options;
  if (typeof weightBits === 'number') checkBits('weightBits', weightBits);
  if (typeof weightBits === 'object') {
    for (const [layer, bits] of weightBits) checkBits(`weightBits of ${layer}`, bits);
  }
  if (activationBits !== 'auto') checkBits('activationBits', activationBits);
  if (!(changedShare > 0 && changedShare < 1)) {
    throw optionError('changedShare', changedShare, 'a share above 0 and below 1');
  }
  if (options.image !== undefined) checkImage(options.image);
  return {
    weightBits,
    activationBits,
    output: options.output,
    labels: options.labels,
    image: options.image,
    changedShare,
    progress: options.progress ?? SILENT_PROGRESS,
  };
}

function checkBits(option: string, bits: number): void {
  if (Number.isInteger(bits) && bits >= MIN_BITS && bits <= MAX_BITS) return;
  throw optionError(option, bits, `an integer from ${MIN_BITS} to ${MAX_BITS}`);
}

function checkImage({ scale, offset }: ImagePreprocessing): void {
  if (!(Number.isFinite(scale) && scale > 0)) {
    throw optionError('image scale', scale, 'a positive number');
  }
  if (!Number.isFinite(offset) || Math.abs(offset / scale) > 2 ** 20) {
    throw optionError('image offset', offset, 'a number of the size of the picture');
  }
}

function optionError(option: string, got: number, expected: string): InputError {
  return new InputError({
    code: 'CIRCUITS_QUANTIZE_OPTION',
    what: `${option} is out of range`,
    got: `${got}`,
    expected,
  });
}
