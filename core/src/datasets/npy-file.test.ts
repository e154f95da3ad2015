import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { announceSeed } from '../testing/announce-seed.ts';
import { isNpy, readNpy, writeNpy } from './npy-file.ts';
import type { NumericArray } from './numeric-array.ts';

const random = seededRandom(announceSeed());

/** An `.npy` file from a dictionary and elements, padded no more than it must be. */
function npy(dictionary: string, elements: ArrayLike<number>, version = 1): Uint8Array {
  const length = dictionary.length;
  const size = version === 1 ? [length & 255, length >> 8] : [length & 255, length >> 8, 0, 0];
  const text = [...dictionary].map((character) => character.charCodeAt(0));
  return Uint8Array.from([
    0x93,
    ...Buffer.from('NUMPY'),
    version,
    0,
    ...size,
    ...text,
    ...Array.from(elements),
  ]);
}

/** As NumPy pads it: header and what precedes it take 128 bytes. */
function numpy(descriptor: string, shape: string, elements: string, version = 1): Uint8Array {
  const text = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padded = text.padEnd(version === 1 ? 117 : 115);
  return npy(`${padded}\n`, Buffer.from(elements, 'base64'), version);
}

const code = (suffix: string) => ({ code: `CORE_NPY_${suffix}` });

test('reads what NumPy writes', () => {
  // Elements taken from files of NumPy 2.4, whose headers are padded to 128 bytes in all.
  const floats = readNpy(numpy('<f4', '(2, 3)', 'AADAPwAAAMDNzMw9AAAAAOaxYX8AAACA'));
  assert.deepEqual(floats.shape, [2, 3]);
  assert.deepEqual(floats.data, Float32Array.of(1.5, -2, 0.1, 0, 3e38, -0));
  assert.deepEqual(readNpy(numpy('|u1', '(3,)', 'AH//')), {
    shape: [3],
    data: Uint8Array.of(0, 127, 255),
  });
  const scalar = readNpy(numpy('<f8', '()', 'AAAAAAAABEA='));
  assert.deepEqual(scalar, { shape: [], data: Float64Array.of(2.5) });
  const second = readNpy(numpy('<f4', '(1, 1)', 'AADAPw==', 2));
  assert.deepEqual(second, { shape: [1, 1], data: Float32Array.of(1.5) });
});

test('writes the bytes that NumPy writes', () => {
  const array = { shape: [2, 3], data: Float32Array.of(1.5, -2, 0.1, 0, 3e38, -0) };
  assert.deepEqual(writeNpy(array), numpy('<f4', '(2, 3)', 'AADAPwAAAMDNzMw9AAAAAOaxYX8AAACA'));
});

test('every element type round-trips, from unaligned memory too', () => {
  const types = [
    Uint8Array,
    Int8Array,
    Uint16Array,
    Int16Array,
    Uint32Array,
    Int32Array,
    Float32Array,
    Float64Array,
  ];
  for (const type of types) {
    const shape = [random.int(1, 4), random.int(0, 5), random.int(1, 6)];
    const length = shape[0]! * shape[1]! * shape[2]!;
    const data = new type(Array.from({ length }, () => random.int(-(2 ** 31), 2 ** 31)));
    const file = writeNpy({ shape, data } as NumericArray);
    assert.equal((file.length - data.byteLength) % 64, 0);
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    assert.deepEqual(readNpy(shifted.subarray(1)), { shape, data });
  }
});

test('int64, the default of NumPy, is read as doubles while they are exact', () => {
  const good = readNpy(numpy('<i8', '(3,)', 'BwAAAAAAAAD//////////////////x8A'));
  assert.deepEqual(good.data, Float64Array.of(7, -1, 2 ** 53 - 1));
  assert.throws(
    () =>
      readNpy(
        npy(
          "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }\n",
          [0, 0, 0, 0, 0, 0, 32, 0],
        ),
      ),
    code('INT64_RANGE'),
  );
});

test('truncated and oversized files are refused', () => {
  const file = writeNpy({ shape: [3], data: Int16Array.of(1, 2, 3) });
  assert.ok(isNpy(file));
  for (const length of [0, 5])
    assert.throws(() => readNpy(file.subarray(0, length)), code('MAGIC'));
  for (const length of [6, 7]) {
    assert.throws(() => readNpy(file.subarray(0, length)), code('VERSION'));
  }
  for (const length of [8, 9, 10, 127]) {
    assert.throws(() => readNpy(file.subarray(0, length)), code('HEADER'));
  }
  for (const length of [128, 133]) {
    assert.throws(() => readNpy(file.subarray(0, length)), code('LENGTH'));
  }
  assert.throws(() => readNpy(Uint8Array.of(...file, 0)), code('LENGTH'));
});

test('a header that promises more than the file holds allocates nothing', () => {
  const promise = (shape: string) =>
    npy(`{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }\n`, [1]);
  assert.throws(() => readNpy(promise('(9000000000000000,)')), code('LENGTH'));
  assert.throws(() => readNpy(promise('(9000000000, 9000000000)')), code('HEADER'));
});

test('foreign files are refused', () => {
  assert.throws(() => readNpy(Buffer.from('PK\x03\x04 an .npz archive')), code('MAGIC'));
  assert.throws(() => readNpy(npy('{}\n', [], 3)), code('VERSION'));
  for (const text of [
    '{}\n',
    "{'descr': '|u1', 'fortran_order': Maybe, 'shape': (1,), }\n",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1 1), }\n",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (,1), }\n",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }\n",
    `{'descr': '|u1', 'fortran_order': False, 'shape': (${'1,'.repeat(33)}), }\n`,
  ]) {
    assert.throws(() => readNpy(npy(text, [1])), code('HEADER'), text);
  }
});

test('Fortran order and other element types are refused', () => {
  const fortran = npy(
    "{'descr': '<f8', 'fortran_order': True, 'shape': (1,), }\n",
    new Array(8).fill(0),
  );
  assert.throws(() => readNpy(fortran), code('FORTRAN_ORDER'));
  for (const type of ['>i4', '<f2', '<U5', '|O', '|b1', '<c8', 'toString']) {
    const file = npy(
      `{'descr': '${type}', 'fortran_order': False, 'shape': (1,), }\n`,
      [0, 0, 0, 0],
    );
    assert.throws(() => readNpy(file), code('TYPE'), type);
  }
});

test('an array whose data does not fill its shape is not written', () => {
  assert.throws(() => writeNpy({ shape: [2], data: Uint8Array.of(1) }), RangeError);
});
