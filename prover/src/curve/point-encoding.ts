/**
 * Points as `.zkey` and `.ptau` files hold them: affine coordinates, 32 bytes little endian each,
 * in Montgomery form with R = 2^256; G1 is x ‖ y, G2 is x.c0 ‖ x.c1 ‖ y.c0 ‖ y.c1; infinity is all
 * zero bytes.
 */
import {
  BASE_FIELD_ORDER,
  FIELD_BYTES,
  formatError,
  invert,
  readFieldBytes,
  writeFieldBytes,
} from '@zkinfer/core';
import type { QuadraticElement } from './coordinate-field.ts';
import type { GroupName, Point } from './point-group.ts';

/** Bytes of an encoded point of each group. */
export const POINT_BYTES: Readonly<Record<GroupName, number>> = {
  g1: 2 * FIELD_BYTES,
  g2: 4 * FIELD_BYTES,
};

const MONTGOMERY_FACTOR = 2n ** 256n % BASE_FIELD_ORDER;
const MONTGOMERY_INVERSE = invert(MONTGOMERY_FACTOR, BASE_FIELD_ORDER);

/** How points of a group become bytes and back. */
export interface PointEncoding<T> {
  readonly bytes: number;
  /** Writes to a buffer that is zero there. */
  encode(view: DataView, at: number, point: Point<T>): void;
  /**
   * Whether the point lies on its curve is the caller's question.
   * @throws InputError CORE_FORMAT_VALUE for a coordinate that is not below p
   */
  decode(view: DataView, at: number): Point<T>;
}

/** The encoding of G1. */
export const G1_ENCODING: PointEncoding<bigint> = {
  bytes: POINT_BYTES.g1,
  encode(view, at, point) {
    if (point === null) return;
    writeCoordinate(view, at, point.x);
    writeCoordinate(view, at + FIELD_BYTES, point.y);
  },
  decode(view, at) {
    const [x, y] = [readCoordinate(view, at), readCoordinate(view, at + FIELD_BYTES)];
    return x === 0n && y === 0n ? null : { x, y };
  },
};

/** The encoding of G2. */
export const G2_ENCODING: PointEncoding<QuadraticElement> = {
  bytes: POINT_BYTES.g2,
  encode(view, at, point) {
    if (point === null) return;
    writeCoordinate(view, at, point.x.c0);
    writeCoordinate(view, at + FIELD_BYTES, point.x.c1);
    writeCoordinate(view, at + 2 * FIELD_BYTES, point.y.c0);
    writeCoordinate(view, at + 3 * FIELD_BYTES, point.y.c1);
  },
  decode(view, at) {
    const [x, y] = [readPair(view, at), readPair(view, at + 2 * FIELD_BYTES)];
    return (x.c0 | x.c1 | y.c0 | y.c1) === 0n ? null : { x, y };
  },
};

/** One point as its own array of bytes. */
export function encodePoint<T>(encoding: PointEncoding<T>, point: Point<T>): Uint8Array {
  const bytes = new Uint8Array(encoding.bytes);
  encoding.encode(new DataView(bytes.buffer), 0, point);
  return bytes;
}

/** The first point of some bytes. */
export function decodePoint<T>(encoding: PointEncoding<T>, bytes: Uint8Array): Point<T> {
  return encoding.decode(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
}

function writeCoordinate(view: DataView, at: number, value: bigint): void {
  writeFieldBytes(view, at, (value * MONTGOMERY_FACTOR) % BASE_FIELD_ORDER);
}

function readCoordinate(view: DataView, at: number): bigint {
  const value = readFieldBytes(view, at);
  if (value >= BASE_FIELD_ORDER) {
    throw formatError('VALUE', 'zkey', 'a coordinate is not below the modulus');
  }
  return (value * MONTGOMERY_INVERSE) % BASE_FIELD_ORDER;
}

function readPair(view: DataView, at: number): QuadraticElement {
  return { c0: readCoordinate(view, at), c1: readCoordinate(view, at + FIELD_BYTES) };
}
