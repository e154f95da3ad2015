/** Points in snarkjs's JSON, checked and turned into points of the pairing library. */
import { bn254 } from '@noble/curves/bn254.js';
import { BASE_FIELD_ORDER, type G1Json, type G2Json } from '@zkinfer/core';
import type { QuadraticElement } from '../curve/coordinate-field.ts';
import type { Point } from '../curve/point-group.ts';
import { type MalformedError, parseDecimal } from './strict-json.ts';

/** A point of the pairing library. */
export type G1Point = InstanceType<typeof bn254.G1.Point>;
/** A point of the pairing library. */
export type G2Point = InstanceType<typeof bn254.G2.Point>;

/** A point of G1 on its curve. @throws what `malformed` makes */
export function parseG1(json: unknown, name: string, malformed: MalformedError): G1Point {
  const [x, y, z] = coordinates(json, 3, name, malformed);
  if (z === 0n && x === 0n && y === 1n) return bn254.G1.Point.ZERO;
  if (z !== 1n) throw malformed(`${name} is not affine`, 'a third coordinate of 1');
  return checked(() => bn254.G1.Point.fromAffine({ x: x!, y: y! }), name, malformed);
}

/** A point of G2 on its curve and in the subgroup of order r. @throws what `malformed` makes */
export function parseG2(json: unknown, name: string, malformed: MalformedError): G2Point {
  if (!Array.isArray(json) || json.length !== 3) throw malformed(`${name} is not`, 'three pairs');
  const [x, y, z] = json.map((pair) => quadratic(coordinates(pair, 2, name, malformed)));
  const isInfinity = x!.c0 === 0n && x!.c1 === 0n && y!.c0 === 1n && z!.c0 === 0n;
  if (isInfinity && y!.c1 === 0n && z!.c1 === 0n) return bn254.G2.Point.ZERO;
  if (z!.c0 !== 1n || z!.c1 !== 0n) {
    throw malformed(`${name} is not affine`, 'a third coordinate of 1');
  }
  return checked(() => bn254.G2.Point.fromAffine({ x: x!, y: y! }), name, malformed);
}

/** A point as snarkjs prints it. */
export function formatG1(point: Point<bigint>): G1Json {
  return point === null ? ['0', '1', '0'] : [String(point.x), String(point.y), '1'];
}

/** A point as snarkjs prints it. */
export function formatG2(point: Point<QuadraticElement>): G2Json {
  const pair = ({ c0, c1 }: QuadraticElement) => [String(c0), String(c1)] as const;
  const [zero, one] = [['0', '0'] as const, ['1', '0'] as const];
  return point === null ? [zero, one, zero] : [pair(point.x), pair(point.y), one];
}

function coordinates(
  json: unknown,
  count: number,
  name: string,
  malformed: MalformedError,
): bigint[] {
  if (!Array.isArray(json) || json.length !== count) {
    throw malformed(`${name} is not`, `${count} coordinates`);
  }
  return json.map((item) => {
    const value = parseDecimal(item);
    if (value === undefined || value >= BASE_FIELD_ORDER) {
      throw malformed(`a coordinate of ${name} is not`, 'a decimal string below p');
    }
    return value;
  });
}

function quadratic([c0, c1]: readonly bigint[]): QuadraticElement {
  return { c0: c0!, c1: c1! };
}

function checked<P extends { assertValidity(): void }>(
  make: () => P,
  name: string,
  malformed: MalformedError,
): P {
  try {
    const point = make();
    point.assertValidity();
    return point;
  } catch {
    throw malformed(`${name} is not`, 'a point of the group');
  }
}
