import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EnvironmentError, InputError } from '@zkinfer/core';
import type { ModelSource } from './model-source.ts';

const MODEL_JSON = 'model.json';

/**
 * A model on disk: `path` is its JSON file, or the folder that holds it as `model.json`. Weight
 * files are read from that same folder and nowhere else.
 * Reading throws InputError CIRCUITS_MODEL_MISSING, CIRCUITS_MODEL_SHARD_MISSING,
 * CIRCUITS_MODEL_SHARD_PATH or EnvironmentError CIRCUITS_MODEL_UNREADABLE.
 */
export function fileModelSource(path: string): ModelSource {
  return {
    name: path,
    readModelJson: async () => (await readModelFile(await jsonPath(path))).toString('utf8'),
    readShard: async (shard) => {
      // A model file must not make us read what lies outside its own folder.
      if (shard !== basename(shard) || ['', '.', '..'].includes(shard) || shard.includes('\\')) {
        throw new InputError({
          code: 'CIRCUITS_MODEL_SHARD_PATH',
          what: 'a weight file lies outside the folder of the model',
          got: JSON.stringify(shard),
          expected: 'the name of a file beside model.json',
          hint: 'Put the weight files into the folder of model.json and correct its "paths".',
        });
      }
      return readShardFile(join(dirname(await jsonPath(path)), shard));
    },
  };
}

async function jsonPath(path: string): Promise<string> {
  const found = await stat(path).catch((error) => {
    throw readError(error, path, 'CIRCUITS_MODEL_MISSING', 'the model does not exist');
  });
  return found.isDirectory() ? join(path, MODEL_JSON) : path;
}

function readModelFile(path: string): Promise<Buffer> {
  return readFile(path).catch((error) => {
    throw readError(error, path, 'CIRCUITS_MODEL_MISSING', 'the model does not exist');
  });
}

function readShardFile(path: string): Promise<Buffer> {
  return readFile(path).catch((error) => {
    const what = 'a weight file that model.json names does not exist';
    throw readError(error, path, 'CIRCUITS_MODEL_SHARD_MISSING', what);
  });
}

function readError(error: NodeJS.ErrnoException, path: string, code: string, what: string): Error {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new InputError({ code, what, got: path, expected: 'a file', cause: error });
  }
  return new EnvironmentError({
    code: 'CIRCUITS_MODEL_UNREADABLE',
    what: 'a file of the model cannot be read',
    got: `${path} (${error.code})`,
    cause: error,
  });
}
