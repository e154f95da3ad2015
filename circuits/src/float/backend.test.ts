import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { EnvironmentError, InputError } from '@zkinfer/core';
import { BACKEND_NAMES, type BackendName, type ImportPackage, loadTensorflow } from './backend.ts';

const PACKAGES: Record<BackendName, string> = {
  'tfjs-node-gpu': '@tensorflow/tfjs-node-gpu',
  'tfjs-node': '@tensorflow/tfjs-node',
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs',
};

interface FakeSettings {
  /** Backends that start. */
  readonly starts?: readonly string[];
  /** What the product of the self-test comes out as. */
  readonly product?: number;
}

/** As much of TensorFlow.js as choosing a backend needs. */
function fakeTensorflow({ starts = ['tensorflow', 'wasm', 'cpu'], product = 11 }: FakeSettings) {
  return {
    env: () => ({ set() {} }),
    engine: () => ({ registry: {} }),
    setBackend: async (name: string) => starts.includes(name),
    tidy: <T>(compute: () => T) => compute(),
    tensor2d: () => ({}),
    matMul: () => ({ data: async () => Float32Array.of(product), dispose() {} }),
  };
}

/**
 * Imports from these packages alone; the others are not installed. Remembers what was asked for.
 */
function fakeImport(packages: Record<string, unknown>) {
  const asked: string[] = [];
  const importPackage: ImportPackage = async (name) => {
    asked.push(name);
    if (name in packages) return { default: packages[name] };
    const error = new Error(`Cannot find package '${name}' imported from somewhere`);
    throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
  };
  return { importPackage, asked };
}

const TFJS = { '@tensorflow/tfjs': fakeTensorflow({}) };
const WASM = { '@tensorflow/tfjs-backend-wasm': { setWasmPaths() {} } };
const NODE = { '@tensorflow/tfjs-node': fakeTensorflow({}) };
const GPU = { '@tensorflow/tfjs-node-gpu': fakeTensorflow({}) };

const CHOICES: [string, Record<string, unknown>, BackendName][] = [
  ['everything installed', { ...TFJS, ...WASM, ...NODE, ...GPU }, 'tfjs-node-gpu'],
  ['no tfjs-node-gpu', { ...TFJS, ...WASM, ...NODE }, 'tfjs-node'],
  ['neither native package', { ...TFJS, ...WASM }, 'wasm'],
  ['no WASM either', TFJS, 'cpu'],
];

for (const [situation, packages, expected] of CHOICES) {
  test(`with ${situation}, ${expected} is chosen and the faster ones say why not`, async () => {
    const { importPackage, asked } = fakeImport(packages);
    const { backend, candidates } = await loadTensorflow('auto', importPackage);
    assert.equal(backend, expected);
    const place = BACKEND_NAMES.indexOf(expected);
    candidates.forEach((candidate, i) => {
      assert.equal(candidate.name, BACKEND_NAMES[i]);
      assert.equal(candidate.package, PACKAGES[candidate.name]);
      assert.equal(candidate.available, i < place ? false : i === place ? true : null);
      if (i < place) assert.equal(candidate.reason, 'not installed');
      assert.ok(candidate.howToInstall.includes('npm install'));
    });
    const slower = BACKEND_NAMES.slice(place + 1).filter((name) => name !== 'cpu');
    for (const name of slower) assert.ok(!asked.includes(PACKAGES[name]));
  });
}

test('a package that loads but does not start, or computes wrongly, is passed over', async () => {
  const { importPackage } = fakeImport({
    ...TFJS,
    ...WASM,
    '@tensorflow/tfjs-node-gpu': fakeTensorflow({ starts: [] }),
    '@tensorflow/tfjs-node': fakeTensorflow({ product: 10 }),
  });
  const { backend, candidates } = await loadTensorflow('auto', importPackage);
  assert.equal(backend, 'wasm');
  assert.match(candidates[0]!.reason, /could not start/);
  assert.match(candidates[1]!.reason, /self-test/);
});

test('a package that breaks while loading says so in one line', async () => {
  const { importPackage } = fakeImport({ ...TFJS, ...WASM });
  const breaking: ImportPackage = async (name) => {
    if (name === PACKAGES['tfjs-node']) throw new Error('\nno libtensorflow\n  at some place');
    return importPackage(name);
  };
  const { backend, candidates } = await loadTensorflow('auto', breaking);
  assert.equal(backend, 'wasm');
  assert.equal(candidates[1]!.reason, 'no libtensorflow');
});

test('a preference is kept, and is an error if it does not work', async () => {
  const { importPackage } = fakeImport({ ...TFJS, ...WASM, ...NODE });
  const { backend, candidates } = await loadTensorflow('cpu', importPackage);
  assert.equal(backend, 'cpu');
  assert.deepEqual(
    candidates.map(({ available }) => available),
    [null, null, null, true],
  );
  await assert.rejects(
    loadTensorflow('tfjs-node-gpu', importPackage),
    (error) => error instanceof EnvironmentError && error.code === 'CIRCUITS_NO_BACKEND',
  );
});

test('with nothing that works the error gives every reason and remedy', async () => {
  const { importPackage } = fakeImport({});
  await assert.rejects(loadTensorflow('auto', importPackage), (error) => {
    assert.ok(error instanceof EnvironmentError && error.code === 'CIRCUITS_NO_BACKEND');
    for (const name of BACKEND_NAMES) assert.ok(error.got?.includes(`${name}: `));
    assert.ok(error.hint?.includes('npm install @tensorflow/tfjs-node-gpu'));
    return true;
  });
});

test('a backend of another name is refused', async () => {
  await assert.rejects(
    loadTensorflow('webgl' as BackendName),
    (error) => error instanceof InputError && error.code === 'CIRCUITS_UNKNOWN_BACKEND',
  );
});

test('the backends that come with zkinfer run here, twice, without a word on the console', () => {
  const backend = JSON.stringify(new URL('./backend.js', import.meta.url));
  const script = `
    const { loadTensorflow } = await import(${backend});
    for (const name of ['wasm', 'cpu', 'wasm', 'cpu']) {
      const { tf, backend } = await loadTensorflow(name);
      const sum = await tf.sum(tf.tensor1d([1, 2, 3])).data();
      if (backend !== name || tf.getBackend() !== name || sum[0] !== 6) process.exit(1);
    }`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script],
    { encoding: 'utf8' },
  );
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
});
