/**
 * Reader of IDX files, the format MNIST is published in: two zero bytes, a type byte, the number of
 * dimensions, each dimension as a big-endian 32-bit integer, then the elements in C order.
 * Source: http://yann.lecun.com/exdb/mnist/ ("the IDX file format").
 */
import { InputError } from '@zkinfer/core';

/** An array of bytes with its shape, first dimension slowest. */
export interface ByteTensor {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/**
 * Parses an IDX file of unsigned bytes.
 * @param bytes the whole file, not compressed
 * @param rank the number of dimensions the caller expects: 1 for labels, 3 for images
 * @param name what to call the file in errors
 * @throws InputError `EXAMPLES_IDX_MAGIC` for another type, rank or format, `EXAMPLES_IDX_SIZE` if the
 *   file does not hold exactly the elements its header announces.
 */
export function parseIdx(bytes: Uint8Array, rank: number, name: string): ByteTensor {
  const headerLength = 4 + 4 * rank;
  requireMagic(bytes, rank, name);
  if (bytes.length < headerLength) throw sizeError(name, bytes.length, headerLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = headerLength + shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== length) throw sizeError(name, bytes.length, length);
  return { shape, values: bytes.subarray(headerLength) };
}

function requireMagic(bytes: Uint8Array, rank: number, name: string): void {
  const expected = [0, 0, UNSIGNED_BYTE, rank];
  if (expected.every((byte, index) => bytes[index] === byte)) return;
  throw new InputError({
    code: 'EXAMPLES_IDX_MAGIC',
    what: `${name} is not an IDX file of unsigned bytes with ${rank} dimension(s)`,
    got: `magic [${bytes.subarray(0, 4).join(', ')}]`,
    expected: `[${expected.join(', ')}]`,
    hint: 'Compressed files have to be unpacked first.',
  });
}

function sizeError(name: string, got: number, expected: number): InputError {
  return new InputError({
    code: 'EXAMPLES_IDX_SIZE',
    what: `${name} does not have the size its header announces`,
    got: `${got} bytes`,
    expected: `${expected} bytes`,
    hint: 'The file is truncated or altered; install the package that holds it again.',
  });
}

/** IDX's code for unsigned 8-bit elements. */
const UNSIGNED_BYTE = 0x08;
