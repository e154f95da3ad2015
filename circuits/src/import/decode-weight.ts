import { InputError } from '@zkinfer/core';
import { elementCount } from '../graph/shape.ts';
import { dtypeError, type WeightEntry, type WeightQuantization } from './weight-entry.ts';

/**
 * The reals that a stored weight stands for, as 32-bit floats; little-endian, as TF.js writes it.
 * @param bytes exactly the weight's stored bytes, at any alignment
 * @throws InputError CIRCUITS_MODEL_WEIGHT_DTYPE if they are no reals,
 * CIRCUITS_MODEL_WEIGHT_NOT_FINITE for NaN or Infinity
 */
export function decodeWeight(entry: WeightEntry, bytes: Uint8Array): Float32Array {
  if (entry.dtype !== 'float32') throw dtypeError(entry.name, entry.dtype, ['float32']);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = reader(view, entry.quantization);
  const values = new Float32Array(elementCount(entry.shape));
  for (let i = 0; i < values.length; i++) {
    values[i] = read(i);
    if (!Number.isFinite(values[i])) throw notFinite(entry, i, values[i]!);
  }
  return values;
}

function reader(view: DataView, quantization?: WeightQuantization): (index: number) => number {
  if (quantization === undefined) return (i) => view.getFloat32(4 * i, true);
  const { dtype, scale, min } = quantization;
  // Product and sum in doubles, rounded once on storing: the order of decodeWeights in tfjs-core.
  if (dtype === 'uint8') return (i) => view.getUint8(i) * scale + min;
  if (dtype === 'uint16') return (i) => view.getUint16(2 * i, true) * scale + min;
  return (i) => float16(view.getUint16(2 * i, true));
}

/**
 * The value of IEEE 754 binary16 bits: 1 sign bit, 5 exponent bits with bias 15, 10 fraction bits.
 */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function notFinite(entry: WeightEntry, index: number, value: number): InputError {
  return new InputError({
    code: 'CIRCUITS_MODEL_WEIGHT_NOT_FINITE',
    what: `weight ${entry.name} holds a value that is no real number`,
    got: `${value} at index ${index}`,
    expected: 'finite values',
    hint: 'The training diverged or the file is damaged.',
  });
}
