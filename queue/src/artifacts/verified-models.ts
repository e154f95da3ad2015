/** Compiled directories, each verified once and again after every change. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CompiledModel, openCompiledModel } from '@zkinfer/circuits';
import { InputError, IntegrityError, MANIFEST_FILE } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import { hexDigestOf } from './hex-digest.ts';
import { MODEL_FILES } from './model-files.ts';
import { SharedCalls } from './shared-calls.ts';

interface Verified {
  readonly model: CompiledModel;
  readonly state: string;
}

/** Opens compiled directories with keys; remembers what it has seen whole. */
export class VerifiedModels {
  readonly #verified = new Map<string, Verified>();
  readonly #calls = new SharedCalls<CompiledModel>();

  /**
   * The model in a directory, all files that it takes to prove as its manifest lists them.
   * @throws IntegrityError CORE_ARTIFACT_TAMPERED, CIRCUITS_DIRECTORY_MIXED, QUEUE_MODEL_DIFFERS,
   *   QUEUE_MODEL_DAMAGED; EnvironmentError CORE_READ_FAILED; the signal's reason when aborted
   */
  open(path: string, modelDigest: string, signal?: AbortSignal): Promise<CompiledModel> {
    return this.#calls.run(path, () => this.#openOnce(path, modelDigest), signal);
  }

  async #openOnce(path: string, modelDigest: string): Promise<CompiledModel> {
    try {
      // Taken before: what changes meanwhile is noticed next time.
      const state = await stateOf(path);
      const before = this.#verified.get(path);
      if (before?.state === state) return requireModel(before.model, modelDigest);
      this.#verified.delete(path);
      const model = requireModel(await openCompiledModel(path), modelDigest);
      await model.directory.verify(MODEL_FILES);
      this.#verified.set(path, { model, state });
      return model;
    } catch (cause) {
      throw damaged(path, cause);
    }
  }
}

/** Another whenever a file is written or replaced. */
async function stateOf(path: string): Promise<string> {
  try {
    const manifest = await readFile(join(path, MANIFEST_FILE));
    const files = MODEL_FILES.map(async (name) => {
      const { ino, size, mtimeMs, ctimeMs } = await stat(join(path, name));
      return [ino, size, mtimeMs, ctimeMs].join(':');
    });
    return [hexDigestOf(manifest), ...(await Promise.all(files))].join(' ');
  } catch (cause) {
    throw readError(cause, path);
  }
}

function requireModel(model: CompiledModel, expected: string): CompiledModel {
  const got = model.directory.manifest.modelDigest;
  if (got === expected) return model;
  throw new IntegrityError({
    code: 'QUEUE_MODEL_DIFFERS',
    what: `${model.directory.path} holds another model than the one asked for`,
    got,
    expected,
  });
}

/**
 * A store's files are nobody's input: where they are missing or malformed they are damaged, which
 * another copy may mend.
 */
function damaged(path: string, cause: unknown): unknown {
  if (!(cause instanceof InputError)) return cause;
  return new IntegrityError({
    code: 'QUEUE_MODEL_DAMAGED',
    what: `${path} is no whole compiled model with keys`,
    hint: 'Copy the compiled directory again.',
    cause,
  });
}
