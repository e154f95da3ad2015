import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import {
  assertFails,
  exampleModel,
  runZkinfer,
  SCRIPT,
  temporaryFolder,
  zkinferJson,
} from './testing/run-zkinfer.ts';

const MODEL = exampleModel('iris-mlp');
const SETOSA = join(MODEL, 'setosa.json');
const LABELS = 'setosa,versicolor,virginica';
const folder = temporaryFolder();
const compiled = join(folder, 'iris');

before(async () => {
  const { exitCode, stderr } = await runZkinfer(
    'compile',
    MODEL,
    '--labels',
    LABELS,
    '--out',
    compiled,
  );
  assert.equal(exitCode, 0, stderr);
});

/** The model's folder with some of its files replaced. */
function modelWith(name: string, files: Record<string, string | Uint8Array>): string {
  const copy = join(folder, name);
  mkdirSync(copy);
  for (const file of ['model.json', 'weights.bin', 'calibration.npy']) {
    copyFileSync(join(MODEL, file), join(copy, file));
  }
  for (const [file, content] of Object.entries(files)) writeFileSync(join(copy, file), content);
  return copy;
}

function inputFile(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

async function assertCompileFails(code: string, model: string): Promise<void> {
  const out = join(folder, `${code}-out`);
  await assertFails(2, code, 'compile', model, '--out', out);
  assert.equal(existsSync(out), false, 'nothing was written');
}

test('compile writes model, circuit, report and manifest, and leaves no temporary files', () => {
  const names = ['circuit.json', 'manifest.json', 'model.json', 'report.json', 'source.json'];
  assert.deepEqual(readdirSync(compiled).sort(), [...names, 'weights.bin']);
});

test('compiling the same source again does nothing; other options or --force do it again', async () => {
  const written = () => statSync(join(compiled, 'manifest.json')).mtimeMs;
  const first = written();
  const args = ['compile', MODEL, '--labels', LABELS, '--out', compiled];
  assert.equal((await zkinferJson(...args)).upToDate, true);
  assert.equal(written(), first);
  const forced = await zkinferJson(...args, '--force');
  assert.equal(forced.upToDate, false);
  assert.ok(written() > first);
  const other = join(folder, 'other');
  cpSync(compiled, other, { recursive: true });
  const changed = await zkinferJson('compile', MODEL, '--weight-bits', '6', '--out', other);
  assert.equal(changed.upToDate, false);
  assert.notEqual(changed.circuitDigest, forced.circuitDigest);
});

test('compiling the same source twice gives the same bytes', async () => {
  const twin = join(folder, 'iris-twin');
  await zkinferJson('compile', MODEL, '--labels', LABELS, '--out', twin);
  const bytes = (name: string) =>
    [compiled, twin].map((dir) => readFileSync(join(dir, name), 'utf8'));
  for (const name of ['manifest.json', 'model.json', 'circuit.json']) {
    const [a, b] = bytes(name);
    assert.equal(a, b, name);
  }
});

test('inspect needs no keys, and its rows add up', async () => {
  const report = await zkinferJson('inspect', compiled);
  const sum = (rows: readonly number[]) => rows.reduce((total, count) => total + count, 0);
  assert.equal(sum(Object.values(report.rowsByKind)), report.rows);
  assert.ok(2 ** report.domainSizeLog2 > report.rows);
  assert.ok(report.cost.keyBytes > 0 && report.cost.setupMs > 0 && report.key === false);
});

test('infer tells the class with its name', async () => {
  const { outputs } = await zkinferJson('infer', compiled, '--input', SETOSA);
  assert.equal(outputs[0].label, 'setosa');
  assert.equal(outputs[0].integers.length, 3);
  const { stdout } = await runZkinfer('infer', compiled, '--input', SETOSA);
  assert.match(stdout, /setosa \(probability 9\d\.\d\d %\)/);
});

test('evaluate compares with the float model, which may have moved', async () => {
  const samples = ['--inputs', join(MODEL, 'test.npy'), '--labels', join(MODEL, 'test-labels.npy')];
  const report = await zkinferJson('evaluate', compiled, ...samples);
  assert.equal(report.samples, 30);
  assert.ok(report.floatAccuracy > 0.9 && report.integerAccuracy > 0.9);
  const moved = join(folder, 'iris-elsewhere');
  cpSync(compiled, join(moved, 'deeper'), { recursive: true });
  await assertFails(2, 'CLI_MODEL_MOVED', 'evaluate', join(moved, 'deeper'), ...samples);
  const found = await zkinferJson('evaluate', join(moved, 'deeper'), ...samples, '--model', MODEL);
  assert.equal(found.changed, report.changed);
});

test('an input outside the calibrated range is clamped with a warning, or refused', async () => {
  const path = inputFile('far.json', [5.1, 3.5, 1e6, 0.2]);
  const { exitCode, stderr } = await runZkinfer('infer', compiled, '--input', path);
  assert.equal(exitCode, 0);
  assert.match(stderr, /warning: 1 of 4 elements .* clamped/);
  await assertFails(2, 'CORE_INPUT_OUT_OF_RANGE', 'infer', compiled, '--strict', '--input', path);
});

test('inputs of another shape, with holes, or that are no numbers are refused', async () => {
  const refused = (code: string, path: string) =>
    assertFails(2, code, 'infer', compiled, '--input', path);
  await refused('CORE_INPUT_SHAPE', inputFile('short.json', [1, 2, 3]));
  await refused('CORE_NUMBERS_ELEMENT', inputFile('hole.json', [1, 2, null, 4]));
  await refused('CORE_INPUT_NOT_FINITE', inputFile('huge.json', [1, 2, 1e300, 4]));
  await refused('CORE_FILE_MISSING', join(folder, 'absent.json'));
});

test('a model that is truncated, foreign, or whose weights do not fit is refused', async () => {
  const json = readFileSync(join(MODEL, 'model.json'), 'utf8');
  const weights = readFileSync(join(MODEL, 'weights.bin'));
  await assertCompileFails(
    'CIRCUITS_MODEL_NOT_JSON',
    modelWith('cut', { 'model.json': json.slice(0, 900) }),
  );
  await assertCompileFails(
    'CIRCUITS_MODEL_FORMAT',
    modelWith('foreign', { 'model.json': '{"a": 1}' }),
  );
  await assertCompileFails(
    'CIRCUITS_MODEL_WEIGHTS_TRUNCATED',
    modelWith('few', { 'weights.bin': weights.subarray(4) }),
  );
  const many = new Uint8Array([...weights, 0, 0, 0, 0]);
  await assertCompileFails(
    'CIRCUITS_MODEL_WEIGHTS_OVERSIZED',
    modelWith('many', { 'weights.bin': many }),
  );
  const unsupported = json.replace('"class_name": "Dense"', '"class_name": "LSTM"');
  assert.notEqual(unsupported, json);
  await assertCompileFails(
    'CIRCUITS_UNSUPPORTED_LAYER',
    modelWith('lstm', { 'model.json': unsupported }),
  );
});

test('calibration data that is missing, cut short, for another model or not finite is refused', async () => {
  const npy = readFileSync(join(MODEL, 'calibration.npy'));
  const bare = modelWith('bare', { 'calibration.npy': npy.subarray(0, -4) });
  await assertCompileFails('CORE_NPY_LENGTH', bare);
  const labels = join(MODEL, 'calibration-labels.npy');
  const out = join(folder, 'never');
  await assertFails(2, 'CORE_INPUT_SHAPE', 'compile', MODEL, '--calibration', labels, '--out', out);
  const nan = new Uint8Array(npy);
  nan.set([0, 0, 0xc0, 0x7f], nan.length - 4);
  const broken = modelWith('nan', { 'calibration.npy': nan });
  await assertCompileFails('CIRCUITS_CALIBRATION_NOT_FINITE', broken);
});

test('a tampered artifact is found before it is used, and compiled again when asked', async () => {
  const copy = join(folder, 'tampered');
  cpSync(compiled, copy, { recursive: true });
  appendFileSync(join(copy, 'weights.bin'), 'x');
  await assertFails(2, 'CORE_ARTIFACT_TAMPERED', 'infer', copy, '--input', SETOSA);
  const again = await zkinferJson('compile', MODEL, '--labels', LABELS, '--out', copy);
  assert.equal(again.upToDate, false);
  await zkinferJson('infer', copy, '--input', SETOSA);
});

test('a place where nothing can be written is the machine’s fault', async () => {
  const file = inputFile('a-file', 1);
  await assertFails(3, 'CORE_WRITE_FAILED', 'compile', MODEL, '--out', join(file, 'below'));
});

test('when the disk refuses more bytes nothing is half-written, and a rerun finishes', async () => {
  const out = join(folder, 'full');
  const args = ['compile', MODEL, '--labels', LABELS, '--out', out];
  // A limit on the size of files, 1 kB here, fails writes as a full disk does.
  const limited = ['-c', 'ulimit -f 1 && exec "$@"', 'bash', process.execPath, SCRIPT, ...args];
  const { status, stderr } = spawnSync('bash', limited, { encoding: 'utf8' });
  assert.equal(status, 3, stderr);
  assert.match(stderr, /cannot write .*model\.json/);
  assert.deepEqual(readdirSync(out), []);
  assert.equal((await zkinferJson(...args)).upToDate, false);
});

test('keys are asked for before they are used, and a setup must say which', async () => {
  await assertFails(2, 'PROVER_NO_KEY', 'prove', compiled, '--input', SETOSA);
  await assertFails(2, 'PROVER_NO_KEY', 'audit', compiled);
  await assertFails(2, 'CLI_SETUP_KIND', 'setup', compiled);
  await assertFails(2, 'CLI_SETUP_KIND', 'setup', compiled, '--development', '--ptau', 'x');
  assert.equal(existsSync(join(compiled, 'proving_key.zkey')), false);
});

test('salts are random, 0, or from a file', async () => {
  const prove = ['prove', compiled, '--input', SETOSA, '--input-salt'];
  await assertFails(2, 'CLI_SALT', ...prove, '12345678901234567890123456789012345678901234567890');
  const weak = join(folder, 'salt');
  writeFileSync(weak, '7\n');
  await assertFails(2, 'CORE_SALT_WEAK', ...prove, `@${weak}`);
});

test('export writes constraints and witness, and says what it lacks', async () => {
  const path = (name: string) => join(folder, name);
  const files = ['--r1cs', path('c.r1cs'), '--sym', path('c.sym'), '--wtns', path('c.wtns')];
  const { written } = await zkinferJson('export', compiled, ...files, '--input', SETOSA);
  assert.equal(written.length, 3);
  assert.equal(readFileSync(path('c.r1cs')).subarray(0, 4).toString(), 'r1cs');
  assert.match(
    readFileSync(path('c.sym'), 'utf8'),
    /^1,1,0,main\.outputHash\n2,2,0,main\.inputHash\n/,
  );
  assert.equal(statSync(path('c.wtns')).mode & 0o777, 0o600);
  await assertFails(2, 'CLI_EXPORT_OPTIONS', 'export', compiled);
  await assertFails(2, 'CLI_EXPORT_OPTIONS', 'export', compiled, '--wtns', path('d.wtns'));
  assert.equal(existsSync(path('d.wtns')), false);
});
