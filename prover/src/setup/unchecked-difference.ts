/**
 * The difference of two "points" whose coordinates may be any 32 bytes, as snarkjs's arithmetic
 * happens to give it: on 256-bit words that are reduced by at most one p after each step. For
 * coordinates below p it is the points' difference.
 *
 * The chord in Jacobian coordinates is "mmadd-2007-bl" of the Explicit-Formulas Database (D.
 * Bernstein, T. Lange); the order of its steps matters where operands are not reduced.
 */
import { BASE_FIELD_ORDER, FIELD_BYTES, invert, readFieldBytes } from '@zkinfer/core';
import { encodePoint, G1_ENCODING } from '../curve/point-encoding.ts';

const P = BASE_FIELD_ORDER;
const WORD = 2n ** 256n;
const MINUS_P_INVERSE = WORD - invert(P % WORD, WORD);
const MONTGOMERY_INVERSE = invert(WORD % P, P);

/**
 * p − q.
 * @param p 64 bytes, as in files, of any value
 * @param q a point, as in files, with another x
 * @returns a point, as in files
 */
export function uncheckedDifference(p: Uint8Array, q: Uint8Array): Uint8Array {
  const [x1, y1] = readCoordinates(p);
  const [x2, yq] = readCoordinates(q);
  const y2 = subtract(0n, yq);
  const h = subtract(x2, x1);
  const rise = subtract(y2, y1);
  const hh = multiply(h, h);
  const i = add(add(hh, hh), add(hh, hh));
  const j = multiply(h, i);
  const r = add(rise, rise);
  const v = multiply(x1, i);
  const x = subtract(subtract(multiply(r, r), j), add(v, v));
  const y1j = multiply(y1, j);
  const y = subtract(multiply(subtract(v, x), r), add(y1j, y1j));
  return toAffine(x, y, add(h, h));
}

function readCoordinates(bytes: Uint8Array): [bigint, bigint] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [readFieldBytes(view, 0), readFieldBytes(view, FIELD_BYTES)];
}

function add(a: bigint, b: bigint): bigint {
  const sum = a + b;
  return sum >= P ? BigInt.asUintN(256, sum - P) : sum;
}

function subtract(a: bigint, b: bigint): bigint {
  return a >= b ? a - b : BigInt.asUintN(256, a - b + P);
}

/** a·b/2^256, Montgomery's way. */
function multiply(a: bigint, b: bigint): bigint {
  const product = a * b;
  const multiple = BigInt.asUintN(256, BigInt.asUintN(256, product) * MINUS_P_INVERSE);
  const quotient = (product + multiple * P) / WORD;
  return quotient >= P ? quotient - P : quotient;
}

/** x/z², y/z³; from here on all is reduced. */
function toAffine(x: bigint, y: bigint, z: bigint): Uint8Array {
  const plain = (value: bigint) => (value * MONTGOMERY_INVERSE) % P;
  const inverse = invert(plain(z), P);
  const square = (inverse * inverse) % P;
  return encodePoint(G1_ENCODING, {
    x: (plain(x) * square) % P,
    y: (((plain(y) * square) % P) * inverse) % P,
  });
}
