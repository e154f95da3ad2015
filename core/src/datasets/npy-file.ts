/**
 * NumPy's `.npy`, versions 1 and 2: magic, version, header length, a Python dictionary, raw
 * elements. Source: numpy.lib.format. Little endian, C order; elements as in `NumericData`, and
 * int64 as doubles when they are safe integers, since NumPy's default integers are int64.
 */
import { InputError } from '../errors.ts';
import { elementCount, type NumericArray, type NumericData } from './numeric-array.ts';

interface ElementType {
  readonly bytes: number;
  /** Elements of a buffer of their own, which holds a whole number of them. */
  read(buffer: ArrayBuffer): NumericData;
}

interface Header {
  readonly type: ElementType;
  readonly shape: number[];
  /** Where the elements begin. */
  readonly start: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Headers are padded so that the elements begin at a multiple of this. */
const ALIGNMENT = 64;
const MOST_AXES = 32;

// Typed arrays have the machine's byte order, little endian wherever Node.js and browsers run
// today.
const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  '|u1': { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
  '|i1': { bytes: 1, read: (buffer) => new Int8Array(buffer) },
  '<u2': { bytes: 2, read: (buffer) => new Uint16Array(buffer) },
  '<i2': { bytes: 2, read: (buffer) => new Int16Array(buffer) },
  '<u4': { bytes: 4, read: (buffer) => new Uint32Array(buffer) },
  '<i4': { bytes: 4, read: (buffer) => new Int32Array(buffer) },
  '<i8': { bytes: 8, read: readInt64 },
  '<f4': { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  '<f8': { bytes: 8, read: (buffer) => new Float64Array(buffer) },
};

const DICTIONARY =
  /^\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([0-9, ]*)\),?\s*\}\s*$/;

/** Whether bytes begin like an `.npy` file. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * The array of an `.npy` file. NaN and infinities are read as they are: quantisation refuses them.
 * @throws InputError CORE_NPY_MAGIC, CORE_NPY_VERSION, CORE_NPY_HEADER, CORE_NPY_TYPE,
 * CORE_NPY_FORTRAN_ORDER, CORE_NPY_LENGTH (truncated, or bytes left over), CORE_NPY_INT64_RANGE
 */
export function readNpy(bytes: Uint8Array): NumericArray {
  const { type, shape, start } = readHeader(bytes);
  const needed = countElements(shape) * type.bytes;
  // Compared before anything is allocated: the header may promise any size.
  if (bytes.length - start !== needed) {
    throw refuse('LENGTH', 'the elements do not fill the shape', {
      got: `${bytes.length - start} bytes of elements`,
      expected: `${needed} for shape (${shape.join(', ')})`,
      hint: 'The file may be truncated.',
    });
  }
  return { shape, data: type.read(copyOf(bytes, start)) };
}

/**
 * The bytes of an `.npy` file of version 1, as NumPy writes it.
 * @throws RangeError if shape and data differ in size
 */
export function writeNpy({ shape, data }: NumericArray): Uint8Array {
  if (elementCount(shape) !== data.length) {
    throw new RangeError(`writeNpy: expected ${elementCount(shape)} elements, got ${data.length}`);
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descriptorOf(data)}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const unpadded = MAGIC.length + 4 + text.length + 1;
  const start = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT;
  const header = `${text}${' '.repeat(start - unpadded)}\n`;

  const file = new Uint8Array(start + data.byteLength);
  file.set([...MAGIC, 1, 0, header.length & 0xff, header.length >> 8]);
  file.set(new TextEncoder().encode(header), start - header.length);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return file;
}

function readHeader(bytes: Uint8Array): Header {
  if (!isNpy(bytes)) {
    throw refuse('MAGIC', 'not an .npy file', { expected: 'a file that begins with \\x93NUMPY' });
  }
  const version = bytes[6];
  if ((version !== 1 && version !== 2) || bytes[7] !== 0) {
    throw refuse('VERSION', 'an .npy file of an unknown version', {
      got: `${version}.${bytes[7]}`,
      expected: '1.0 or 2.0',
    });
  }
  const textStart = version === 1 ? 10 : 12;
  if (bytes.length < textStart) throw badHeader('a file that ends before its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = textStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) throw badHeader('a file that ends within its header');
  const text = new TextDecoder('latin1').decode(bytes.subarray(textStart, start));
  return { ...readDictionary(text), start };
}

function readDictionary(text: string): Omit<Header, 'start'> {
  const [, descriptor, order, tuple] = DICTIONARY.exec(text) ?? [];
  if (descriptor === undefined || tuple === undefined) throw badHeader('another header');
  if (order === 'True') {
    throw refuse('FORTRAN_ORDER', 'the elements are in Fortran order', {
      expected: 'C order',
      hint: 'Save numpy.ascontiguousarray(array).',
    });
  }
  const type = Object.hasOwn(ELEMENT_TYPES, descriptor) ? ELEMENT_TYPES[descriptor] : undefined;
  if (type === undefined) {
    throw refuse('TYPE', 'the element type cannot be read', {
      got: descriptor,
      expected: Object.keys(ELEMENT_TYPES).join(', '),
      hint: 'Save array.astype(numpy.float32).',
    });
  }
  const parts = tuple.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  if (parts.length > MOST_AXES || !parts.every((part) => /^[0-9]+$/.test(part))) {
    throw badHeader('a malformed shape');
  }
  return { type, shape: parts.map(Number) };
}

function countElements(shape: readonly number[]): number {
  try {
    return elementCount(shape);
  } catch {
    throw badHeader('a shape beyond all memory');
  }
}

/** A copy: elements need an aligned start, which the file's bytes in memory may not have. */
function copyOf(bytes: Uint8Array, start: number): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length - start);
  new Uint8Array(copy).set(bytes.subarray(start));
  return copy;
}

function readInt64(buffer: ArrayBuffer): Float64Array {
  return Float64Array.from(new BigInt64Array(buffer), (value, i) => {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw refuse('INT64_RANGE', `element ${i} is too large`, {
      got: `${value}`,
      expected: 'integers of at most 53 bits',
    });
  });
}

function descriptorOf(data: NumericData): string {
  const kind =
    data instanceof Float32Array || data instanceof Float64Array ? 'f' : integerKind(data);
  return `${data.BYTES_PER_ELEMENT === 1 ? '|' : '<'}${kind}${data.BYTES_PER_ELEMENT}`;
}

function integerKind(data: NumericData): 'i' | 'u' {
  return data instanceof Int8Array || data instanceof Int16Array || data instanceof Int32Array
    ? 'i'
    : 'u';
}

function badHeader(got: string): InputError {
  return refuse('HEADER', 'the header of the .npy file is malformed', {
    got,
    expected: "a dictionary of 'descr', 'fortran_order' and 'shape'",
  });
}

function refuse(
  code: string,
  what: string,
  details: { got?: string; expected: string; hint?: string },
): InputError {
  return new InputError({ code: `CORE_NPY_${code}`, what, ...details });
}
