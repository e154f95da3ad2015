/**
 * The IDX format of the MNIST files (`-ubyte`): two zeros, element type, number of axes, their
 * lengths, the elements, all big endian. Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST
 * database", section on file formats.
 */
import { InputError } from '../errors.ts';
import { elementCount, type NumericArray, type NumericData } from './numeric-array.ts';

interface ElementType {
  readonly bytes: number;
  allocate(count: number): NumericData;
  read(view: DataView, at: number): number;
}

const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [0x08, { bytes: 1, allocate: (n) => new Uint8Array(n), read: (v, at) => v.getUint8(at) }],
  [0x09, { bytes: 1, allocate: (n) => new Int8Array(n), read: (v, at) => v.getInt8(at) }],
  [0x0b, { bytes: 2, allocate: (n) => new Int16Array(n), read: (v, at) => v.getInt16(at) }],
  [0x0c, { bytes: 4, allocate: (n) => new Int32Array(n), read: (v, at) => v.getInt32(at) }],
  [0x0d, { bytes: 4, allocate: (n) => new Float32Array(n), read: (v, at) => v.getFloat32(at) }],
  [0x0e, { bytes: 8, allocate: (n) => new Float64Array(n), read: (v, at) => v.getFloat64(at) }],
]);

/** Whether bytes begin like a gzip file (RFC 1952): the caller decompresses before reading. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Whether bytes begin like an IDX file. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && ELEMENT_TYPES.has(bytes[2] ?? 0);
}

/**
 * The array of an IDX file.
 * @throws InputError CORE_IDX_COMPRESSED, CORE_IDX_MAGIC, CORE_IDX_LENGTH (truncated, or bytes left
 * over)
 */
export function readIdx(bytes: Uint8Array): NumericArray {
  const type = elementType(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = readShape(view);
  const start = 4 + 4 * shape.length;
  const count = countElements(shape);
  // Compared before anything is allocated: the header may promise any size.
  if (bytes.length - start !== count * type.bytes) {
    throw badLength(`${bytes.length - start} bytes of elements`, `${count * type.bytes}`);
  }
  const data = type.allocate(count);
  for (let i = 0; i < count; i++) data[i] = type.read(view, start + i * type.bytes);
  return { shape, data };
}

function elementType(bytes: Uint8Array): ElementType {
  if (isGzip(bytes)) {
    throw new InputError({
      code: 'CORE_IDX_COMPRESSED',
      what: 'the IDX file is still compressed',
      got: 'gzip',
      expected: 'the decompressed bytes',
    });
  }
  const type = ELEMENT_TYPES.get(bytes[2] ?? 0);
  if (type !== undefined && isIdx(bytes)) return type;
  throw new InputError({
    code: 'CORE_IDX_MAGIC',
    what: 'not an IDX file',
    got: `first bytes ${[...bytes.subarray(0, 4)].join(' ')}`,
    expected: '0 0, an element type of 8, 9 or 11 to 14, the number of axes',
  });
}

function readShape(view: DataView): number[] {
  const axes = view.byteLength < 4 ? 0 : view.getUint8(3);
  if (axes === 0 || view.byteLength < 4 + 4 * axes) {
    throw badLength(`${view.byteLength} bytes`, 'a header of 4 bytes and 4 for each axis');
  }
  return Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
}

function countElements(shape: readonly number[]): number {
  try {
    return elementCount(shape);
  } catch {
    throw badLength('a shape beyond all memory', 'lengths that the elements fill');
  }
}

function badLength(got: string, expected: string): InputError {
  return new InputError({
    code: 'CORE_IDX_LENGTH',
    what: 'the IDX file has another length than its header says',
    got,
    expected,
    hint: 'The file may be truncated.',
  });
}
