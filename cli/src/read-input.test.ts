import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type InputDescription, writeNpy, ZkinferError } from '@zkinfer/core';
import { encode } from 'fast-png';
import { readDataset, readLabels } from './read-dataset.ts';
import { readInput } from './read-input.ts';

const PICTURE: InputDescription = {
  name: 'x',
  shape: [2, 3, 1],
  image: { scale: 1 / 255, offset: -0.5 },
};
const VECTOR: InputDescription = { name: 'v', shape: [4] };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-input-'));
});
after(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function refused(promise: Promise<unknown>, code: string) {
  return assert.rejects(promise, (error) => error instanceof ZkinferError && error.code === code);
}

const grey = (width: number, height: number) =>
  encode({
    width,
    height,
    channels: 1,
    data: Uint8Array.from({ length: width * height }, (_, i) => i),
  });

test('JSON gives reals, flat or nested, with axes of length 1 left out or not', async () => {
  const expected = [Float32Array.of(1, 2, 3, 4, 5, 6)];
  for (const value of [
    [1, 2, 3, 4, 5, 6],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [[1], [2], [3]],
      [[4], [5], [6]],
    ],
  ]) {
    assert.deepEqual(
      await readInput(await file('a.json', JSON.stringify(value)), [PICTURE]),
      expected,
    );
  }
});

test('JSON of another shape, or that holds no numbers, is refused', async () => {
  await refused(
    readInput(await file('b.json', '[[1,2],[3,4],[5,6]]'), [PICTURE]),
    'CORE_INPUT_SHAPE',
  );
  await refused(readInput(await file('b.json', '[1,2,3]'), [VECTOR]), 'CORE_INPUT_SHAPE');
  await refused(readInput(await file('b.json', '[1,2,null,4]'), [VECTOR]), 'CORE_NUMBERS_ELEMENT');
  await refused(readInput(await file('b.json', '[1,2'), [VECTOR]), 'CORE_JSON_SYNTAX');
  await refused(readInput(join(folder, 'absent.json'), [VECTOR]), 'CORE_FILE_MISSING');
});

test('several inputs come as an object by name, complete and without others', async () => {
  const inputs = [VECTOR, { name: 'w', shape: [1] }];
  const good = await file('c.json', '{"w": [9], "v": [1, 2, 3, 4]}');
  assert.deepEqual(await readInput(good, inputs), [
    Float32Array.of(1, 2, 3, 4),
    Float32Array.of(9),
  ]);
  for (const bad of ['[1,2,3,4]', '{"v": [1,2,3,4]}', '{"v": [1,2,3,4], "w": [1], "z": [1]}']) {
    await refused(readInput(await file('c.json', bad), inputs), 'CORE_INPUT_NAMES');
  }
});

test('a PNG picture gets the model’s preprocessing, its opaque alpha channel dropped', async () => {
  const expected = [Float32Array.from([0, 1, 2, 3, 4, 5], (byte) => byte / 255 - 0.5)];
  assert.deepEqual(await readInput(await file('d.png', grey(3, 2)), [PICTURE]), expected);
  const data = Uint8Array.from([0, 1, 2, 3, 4, 5].flatMap((byte) => [byte, 255]));
  const withAlpha = encode({ width: 3, height: 2, channels: 2, data });
  assert.deepEqual(await readInput(await file('e.png', withAlpha), [PICTURE]), expected);
});

test('a PNG picture of another size, with transparency or truncated is refused', async () => {
  await refused(readInput(await file('f.png', grey(2, 3)), [PICTURE]), 'CORE_INPUT_SHAPE');
  const data = Uint8Array.from({ length: 12 }, () => 100);
  const transparent = encode({ width: 3, height: 2, channels: 2, data });
  await refused(readInput(await file('g.png', transparent), [PICTURE]), 'CLI_PNG_KIND');
  const truncated = grey(3, 2).slice(0, 40);
  await refused(readInput(await file('h.png', truncated), [PICTURE]), 'CLI_PNG_DAMAGED');
});

test('a data set is .npy or IDX, gzipped or not; bytes are pixels, floats are reals', async () => {
  const npy = writeNpy({ shape: [2, 4], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
  const reals = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  assert.deepEqual(await readDataset(await file('a.npy', npy), [VECTOR]), {
    count: 2,
    reals: [reals],
  });
  const zipped = await file('a.npy.gz', gzipSync(npy));
  assert.deepEqual(await readDataset(zipped, [VECTOR], 1), {
    count: 1,
    reals: [reals.slice(0, 4)],
  });
  const idx = Uint8Array.of(
    0,
    0,
    8,
    3,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    3,
    0,
    51,
    102,
    153,
    204,
    255,
  );
  const [pixels] = (await readDataset(await file('a-ubyte', idx), [PICTURE])).reals;
  assert.deepEqual(
    pixels,
    Float32Array.from([0, 51, 102, 153, 204, 255], (b) => b / 255 - 0.5),
  );
});

test('a data set for another model, cut short or of unknown format is refused', async () => {
  const npy = writeNpy({ shape: [2, 3], data: new Float32Array(6) });
  await refused(readDataset(await file('b.npy', npy), [VECTOR]), 'CORE_INPUT_SHAPE');
  await refused(readDataset(await file('c.npy', npy.slice(0, -4)), [VECTOR]), 'CORE_NPY_LENGTH');
  await refused(readDataset(await file('d.csv', '1,2,3,4'), [VECTOR]), 'CLI_DATASET_FORMAT');
  await refused(
    readDataset(await file('e.gz', gzipSync(npy).slice(0, 30)), [VECTOR]),
    'CLI_GZIP_DAMAGED',
  );
  await refused(readDataset(await file('f.npy', npy), [VECTOR, PICTURE]), 'CLI_DATASET_INPUTS');
});

test('a model with several inputs takes a file for each, with as many samples', async () => {
  const inputs = [VECTOR, { name: 'w', shape: [1] }];
  const v = await file('v.npy', writeNpy({ shape: [2, 4], data: new Float32Array(8) }));
  const w = await file('w.npy', writeNpy({ shape: [2, 1], data: Float32Array.of(1, 2) }));
  const { count, reals } = await readDataset(`w=${w},v=${v}`, inputs);
  assert.deepEqual([count, reals], [2, [new Float32Array(8), Float32Array.of(1, 2)]]);
  await refused(readDataset(`v=${v}`, inputs), 'CLI_DATASET_INPUTS');
  const short = await file('s.npy', writeNpy({ shape: [1], data: Float32Array.of(1) }));
  await refused(readDataset(`w=${short},v=${v}`, inputs), 'CLI_DATASET_COUNT');
});

test('labels are class numbers', async () => {
  const labels = writeNpy({ shape: [3], data: Uint8Array.of(7, 0, 2) });
  assert.deepEqual(await readLabels(await file('l.npy', labels), 2), [7, 0]);
  const reals = writeNpy({ shape: [1], data: Float32Array.of(0.5) });
  await refused(readLabels(await file('m.npy', reals)), 'CLI_LABELS');
});
