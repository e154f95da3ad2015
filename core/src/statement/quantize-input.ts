/**
 * From the reals a model takes to the integers its circuit takes: q = floor(x/s + 0.5) in IEEE
 * doubles, x the double of its float32 value, then clamped to the tensor's range. Other
 * implementations are held to the shared vectors.
 */
import { InputError } from '../errors.ts';

/** How an input tensor is quantised. */
export interface InputQuantization {
  /** Positive and finite; the real that one step stands for. */
  readonly scale: number;
  /** The lowest integer; lo and lo + 2^bits − 1 lie within 32-bit signed integers. */
  readonly lo: number;
  /** 1 to 32; the range is exactly [lo, lo + 2^bits − 1]. */
  readonly bits: number;
}

/** What clamping did to an input. */
export interface Clamping {
  /** Elements that lay outside the range. */
  readonly count: number;
  /**
   * The furthest that one lay outside, in steps of the scale (Infinity if x/s overflows); 0 if none
   * did.
   */
  readonly largestExcess: number;
  /** Index of the first such element, −1 if none. */
  readonly firstIndex: number;
}

/** The integers, in the order of the reals, and how far they were forced into range. */
export interface QuantizedInput {
  readonly values: Int32Array;
  readonly clamping: Clamping;
}

/**
 * Quantises the elements of one input tensor.
 * @param options.strict refuse elements outside the range in place of clamping them.
 * @throws InputError CORE_INPUT_NOT_FINITE naming the index of a NaN or an infinity (also one that
 * only float32 rounding makes), CORE_INPUT_OUT_OF_RANGE when strict
 * @throws RangeError if the quantisation itself is malformed
 */
export function quantizeInput(
  reals: ArrayLike<number>,
  quantization: InputQuantization,
  options: { readonly strict?: boolean } = {},
): QuantizedInput {
  requireQuantization(quantization);
  const { scale, lo, bits } = quantization;
  const hi = lo + 2 ** bits - 1;
  const values = new Int32Array(reals.length);
  let [count, largestExcess, firstIndex] = [0, 0, -1];
  for (let i = 0; i < reals.length; i++) {
    const step = Math.floor(finiteFloat32(reals[i]!, i) / scale + 0.5);
    const value = Math.min(Math.max(step, lo), hi);
    if (value !== step) {
      count++;
      largestExcess = Math.max(largestExcess, Math.abs(step - value));
      if (firstIndex < 0) firstIndex = i;
    }
    values[i] = value;
  }
  const clamping = { count, largestExcess, firstIndex };
  if (options.strict && count > 0) throw outOfRange(clamping, quantization, reals.length);
  return { values, clamping };
}

function finiteFloat32(real: number, index: number): number {
  const rounded = Math.fround(real);
  if (Number.isFinite(rounded)) return rounded;
  throw new InputError({
    code: 'CORE_INPUT_NOT_FINITE',
    what: `input element ${index} is not a finite float32`,
    got: `${real}`,
    expected: 'a number of magnitude below 3.4028236e38',
  });
}

function requireQuantization({ scale, lo, bits }: InputQuantization): void {
  const scaleIsGood = Number.isFinite(scale) && scale > 0;
  const bitsAreGood = Number.isInteger(bits) && bits >= 1 && bits <= 32;
  const hi = lo + 2 ** bits - 1;
  const rangeIsGood = Number.isInteger(lo) && lo >= -(2 ** 31) && hi < 2 ** 31;
  if (scaleIsGood && bitsAreGood && rangeIsGood) return;
  throw new RangeError(
    'quantizeInput: expected scale > 0, 1 to 32 bits, a range within 32-bit integers; ' +
      `got scale ${scale}, ${bits} bits, lo ${lo}`,
  );
}

function outOfRange(
  clamping: Clamping,
  { scale, lo, bits }: InputQuantization,
  elements: number,
): InputError {
  const { count, firstIndex, largestExcess } = clamping;
  return new InputError({
    code: 'CORE_INPUT_OUT_OF_RANGE',
    what: 'the input leaves the range that the model was calibrated for',
    got:
      `${count} of ${elements} elements outside, the first at index ${firstIndex}, ` +
      `by up to ${largestExcess * scale}`,
    expected: `reals from ${lo * scale} to ${(lo + 2 ** bits - 1) * scale}`,
    hint: 'Check the preprocessing (image scale and offset), or leave strict mode to clamp.',
  });
}
