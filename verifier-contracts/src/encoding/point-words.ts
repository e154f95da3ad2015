/** Points of snarkjs's JSON as EVM words, and back: x, y; in F_p² the imaginary part first (EIP-197). */
import { BASE_FIELD_ORDER, type G1Json, type G2Json, type InputError } from '@zkinfer/core';

/** Makes the error for a point that is not affine with canonical coordinates. */
export type MalformedPoint = (got: string) => InputError;

/** Two words. @throws what `malformed` makes */
export function g1Words(point: G1Json, malformed: MalformedPoint): readonly [bigint, bigint] {
  const [x, y, z] = coordinates(point, 3, malformed);
  if (z !== 1n) throw malformed('a point that is not affine');
  return [x!, y!];
}

/** Four words: x₁, x₀, y₁, y₀. @throws what `malformed` makes */
export function g2Words(
  point: G2Json,
  malformed: MalformedPoint,
): readonly [bigint, bigint, bigint, bigint] {
  if (!Array.isArray(point) || point.length !== 3) throw malformed('a point of another shape');
  const [x, y, z] = point.map((pair) => coordinates(pair, 2, malformed));
  if (z![0] !== 1n || z![1] !== 0n) throw malformed('a point that is not affine');
  return [x![1]!, x![0]!, y![1]!, y![0]!];
}

/** The point of two words. */
export function g1Json([x, y]: readonly bigint[]): G1Json {
  return [String(x), String(y), '1'];
}

/** The point of four words: x₁, x₀, y₁, y₀. */
export function g2Json([x1, x0, y1, y0]: readonly bigint[]): G2Json {
  return [
    [String(x0), String(x1)],
    [String(y0), String(y1)],
    ['1', '0'],
  ];
}

function coordinates(
  list: readonly string[],
  count: number,
  malformed: MalformedPoint,
): readonly bigint[] {
  if (!Array.isArray(list) || list.length !== count) throw malformed('a point of another shape');
  return list.map((text: unknown) => {
    const isDecimal = typeof text === 'string' && /^(0|[1-9]\d{0,77})$/.test(text);
    if (isDecimal && BigInt(text) < BASE_FIELD_ORDER) return BigInt(text);
    throw malformed('a coordinate of another form');
  });
}
