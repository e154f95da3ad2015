/** G1 and G2 of BN254: y² = x³ + 3 over F_p, and its sextic twist over F_p² (EIP-196, EIP-197). */
import {
  BASE_FIELD,
  type CoordinateField,
  QUADRATIC_FIELD,
  type QuadraticElement,
} from './coordinate-field.ts';

/** A point other than infinity. */
export interface AffinePoint<T> {
  readonly x: T;
  readonly y: T;
}

/** A point; `null` is the point at infinity. */
export type Point<T> = AffinePoint<T> | null;

/** The names of the two groups, as they appear in messages to workers. */
export type GroupName = 'g1' | 'g2';

/** A group with the generator that the setup multiplies. */
export interface PointGroup<T> {
  readonly name: GroupName;
  readonly field: CoordinateField<T>;
  readonly generator: AffinePoint<T>;
}

/** Points over F_p; generator (1, 2). Source: EIP-196. */
export const G1: PointGroup<bigint> = {
  name: 'g1',
  field: BASE_FIELD,
  generator: { x: 1n, y: 2n },
};

/** Points over F_p²; the generator P2 of EIP-197 (which writes the imaginary part first). */
export const G2: PointGroup<QuadraticElement> = {
  name: 'g2',
  field: QUADRATIC_FIELD,
  generator: {
    x: {
      c0: 10857046999023057135944570762232829481370756359578518086990519993285655852781n,
      c1: 11559732032986387107991004021392285783925812861821192530917403151452391805634n,
    },
    y: {
      c0: 8495653923123431417604973247489272438418190587263600148770280649306958101930n,
      c1: 4082367875863433681332203403145435568316851327593401208105741076214120093531n,
    },
  },
};
