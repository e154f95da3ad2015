import { InputError } from '@zkinfer/core';

/** Where an array lies in the weights' file. */
export interface WeightSegment {
  readonly type: 'int16' | 'int64';
  /** In bytes. */
  readonly offset: number;
  /** In elements. */
  readonly count: number;
}

const BYTES = { int16: 2, int64: 8 } as const;

/**
 * Lays arrays one after the other: 16-bit weights, and biases (safe integers held in doubles) in 64
 * bits.
 */
export class WeightWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  append(values: Int16Array | Float64Array): WeightSegment {
    const type = values instanceof Int16Array ? 'int16' : 'int64';
    const bytes = new Uint8Array(values.length * BYTES[type]);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < values.length; i++) {
      if (type === 'int16') view.setInt16(2 * i, values[i]!, true);
      else view.setBigInt64(8 * i, BigInt(values[i]!), true);
    }
    const segment = { type, offset: this.#length, count: values.length } as const;
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return segment;
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

/**
 * 16-bit weights of a segment. @throws InputError CIRCUITS_WEIGHTS_TRUNCATED, CORE_JSON_SHAPE for
 * another type.
 */
export function readWeights(weights: Uint8Array, segment: WeightSegment, path: string): Int16Array {
  const view = viewOf(weights, segment, 'int16', path);
  return Int16Array.from({ length: segment.count }, (_, i) => view.getInt16(2 * i, true));
}

/** Biases of a segment, as doubles; whether they are safe integers is for `buildNetwork` to say. */
export function readBiases(
  weights: Uint8Array,
  segment: WeightSegment,
  path: string,
): Float64Array {
  const view = viewOf(weights, segment, 'int64', path);
  return Float64Array.from({ length: segment.count }, (_, i) =>
    Number(view.getBigInt64(8 * i, true)),
  );
}

function viewOf(
  weights: Uint8Array,
  { type, offset, count }: WeightSegment,
  expected: WeightSegment['type'],
  path: string,
): DataView {
  if (type !== expected) {
    throw new InputError({ code: 'CORE_JSON_SHAPE', what: path, got: type, expected });
  }
  const bytes = count * BYTES[type];
  if (offset + bytes > weights.length) {
    throw new InputError({
      code: 'CIRCUITS_WEIGHTS_TRUNCATED',
      what: `the weights end before ${path}`,
      got: `${weights.length} bytes`,
      expected: `at least ${offset + bytes}`,
    });
  }
  return new DataView(weights.buffer, weights.byteOffset + offset, bytes);
}
