import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { EnvironmentError, InputError } from '@zkinfer/core';
import type { Tensorflow } from './tensorflow.ts';

/**
 * Which TensorFlow.js runs float models: the fastest that loads here and computes a known product.
 * The native packages are optional peer dependencies, never installed unasked.
 */

/** Fastest first. */
export const BACKEND_NAMES = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const;

/** A name of `BACKEND_NAMES`. */
export type BackendName = (typeof BACKEND_NAMES)[number];

/** What became of one way to run TensorFlow.js; `zkinfer doctor` prints it. */
export interface BackendCandidate {
  readonly name: BackendName;
  /** The npm package that provides it. */
  readonly package: string;
  /** What TensorFlow.js calls it. */
  readonly backend: 'tensorflow' | 'wasm' | 'cpu';
  /**
   * true: in use. false: does not work here. null: not tried, as a faster one was found or another
   * was asked for.
   */
  readonly available: boolean | null;
  /** Why it is not in use; empty if it is. */
  readonly reason: string;
  readonly howToInstall: string;
}

/** TensorFlow.js, ready to run. */
export interface LoadedTensorflow {
  readonly tf: Tensorflow;
  readonly backend: BackendName;
  /** All of them, fastest first. */
  readonly candidates: readonly BackendCandidate[];
}

/** Imports an npm package by name; tests pass one of their own. */
export type ImportPackage = (name: string) => Promise<unknown>;

/**
 * Loads TensorFlow.js on the backend asked for, else on the fastest that works.
 * In Node, TensorFlow.js runs its WASM backend on one thread (WASM_HAS_MULTITHREAD_SUPPORT is false
 * there).
 * @param preference a name of `BACKEND_NAMES`, or 'auto'
 * @throws InputError CIRCUITS_UNKNOWN_BACKEND for another name
 * @throws EnvironmentError CIRCUITS_NO_BACKEND if none works, or not the one asked for, with every
 * reason
 */
export async function loadTensorflow(
  preference: BackendName | 'auto' = 'auto',
  importPackage: ImportPackage = importFromNodeModules,
): Promise<LoadedTensorflow> {
  refuseUnknown(preference);
  const candidates: BackendCandidate[] = [];
  let chosen: { tf: Tensorflow; backend: BackendName } | undefined;
  for (const name of BACKEND_NAMES) {
    const about = { name, ...BACKENDS[name] };
    if (chosen !== undefined) {
      candidates.push({ ...about, available: null, reason: `${chosen.backend} is faster` });
    } else if (preference !== 'auto' && preference !== name) {
      candidates.push({ ...about, available: null, reason: `${preference} was asked for` });
    } else {
      try {
        chosen = { tf: await start(name, importPackage), backend: name };
        candidates.push({ ...about, available: true, reason: '' });
      } catch (error) {
        candidates.push({ ...about, available: false, reason: reasonOf(error, about.package) });
      }
    }
  }
  if (chosen === undefined) throw noBackend(preference, candidates);
  return { ...chosen, candidates };
}

const TFJS = '@tensorflow/tfjs';

const BACKENDS = {
  'tfjs-node-gpu': {
    package: '@tensorflow/tfjs-node-gpu',
    backend: 'tensorflow',
    howToInstall:
      'npm install @tensorflow/tfjs-node-gpu@4.22.0 (an NVIDIA GPU, CUDA 11 and cuDNN 8)',
  },
  'tfjs-node': {
    package: '@tensorflow/tfjs-node',
    backend: 'tensorflow',
    howToInstall: 'npm install @tensorflow/tfjs-node@4.22.0 (downloads libtensorflow)',
  },
  wasm: {
    package: '@tensorflow/tfjs-backend-wasm',
    backend: 'wasm',
    howToInstall: 'comes with zkinfer: npm install',
  },
  cpu: { package: TFJS, backend: 'cpu', howToInstall: 'comes with zkinfer: npm install' },
} as const satisfies Record<BackendName, Partial<BackendCandidate>>;

async function importFromNodeModules(name: string): Promise<unknown> {
  return import(name);
}

async function start(name: BackendName, importPackage: ImportPackage): Promise<Tensorflow> {
  const { package: packageName, backend } = BACKENDS[name];
  const native = backend === 'tensorflow';
  const tf = moduleOf<Tensorflow>(await importPackage(native ? packageName : TFJS));
  // Silences advertisements and notices on the console; it changes nothing that is computed.
  tf.env().set('PROD', true);
  if (backend === 'wasm') pointToWasm(tf, moduleOf<WasmPackage>(await importPackage(packageName)));
  if (!(await tf.setBackend(backend))) {
    throw new Error(`TensorFlow.js could not start its ${backend} backend`);
  }
  await checkProduct(tf);
  return tf;
}

interface WasmPackage {
  setWasmPaths(folder: string): void;
}

/**
 * The binaries lie beside the package's main file. Once started, the backend refuses to be told.
 */
function pointToWasm(tf: Tensorflow, wasm: WasmPackage): void {
  if (tf.engine().registry.wasm !== undefined) return;
  const main = createRequire(import.meta.url).resolve(BACKENDS.wasm.package);
  wasm.setWasmPaths(dirname(main) + sep);
}

/** A CommonJS package's exports are the default export of its module; not all have names there. */
function moduleOf<T>(module: unknown): T {
  return ((module as { default?: unknown }).default ?? module) as T;
}

/** A package that loads may still fail to compute, as native ones built for another Node do. */
async function checkProduct(tf: Tensorflow): Promise<void> {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])));
  const [value] = await product.data();
  product.dispose();
  if (value !== 11) throw new Error(`its self-test computed 1·3 + 2·4 = ${value}`);
}

/**
 * The first line of what went wrong; Node's own message for a missing package would name files of
 * ours.
 */
function reasonOf(error: unknown, packageName: string): string {
  const { message = String(error), code } = error as { message?: string; code?: string };
  const missing = code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${packageName}'`);
  if (missing) return 'not installed';
  return message.trim().split('\n', 1)[0]?.trim() || 'failed without a message';
}

function refuseUnknown(preference: string): void {
  if (preference === 'auto' || (BACKEND_NAMES as readonly string[]).includes(preference)) return;
  throw new InputError({
    code: 'CIRCUITS_UNKNOWN_BACKEND',
    what: 'there is no such TensorFlow.js backend',
    got: preference,
    expected: `auto, ${BACKEND_NAMES.join(', ')}`,
  });
}

function noBackend(preference: string, candidates: readonly BackendCandidate[]): EnvironmentError {
  const failed = candidates.filter((candidate) => candidate.available === false);
  return new EnvironmentError({
    code: 'CIRCUITS_NO_BACKEND',
    what: 'TensorFlow.js does not run here',
    got: failed.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
    expected: preference === 'auto' ? 'one working backend' : `a working ${preference}`,
    hint: failed.map((candidate) => candidate.howToInstall).join('; or '),
  });
}
