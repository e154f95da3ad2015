import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import {
  assertFails,
  exampleModel,
  runZkinfer,
  startZkinfer,
  temporaryFolder,
  zkinferJson,
} from './testing/run-zkinfer.ts';

interface Example {
  readonly name: string;
  readonly input: string;
  readonly label: string;
  readonly options: readonly string[];
}

const DIGITS = ['--image-scale', '1/255', '--labels', '0,1,2,3,4,5,6,7,8,9'];
const IRIS: Example = {
  name: 'iris-mlp',
  input: 'virginica.json',
  label: 'virginica',
  options: ['--labels', 'setosa,versicolor,virginica'],
};
/** The LeNet-5 is the quickstart's, and tested with it. */
const EXAMPLES: readonly Example[] = [
  IRIS,
  { name: 'mnist-mlp', input: 'digit-2.png', label: '2', options: DIGITS },
];

const folder = temporaryFolder();
const compiledOf = ({ name }: Example) => join(folder, name);
const proofOf = ({ name }: Example) => join(folder, `${name}-proof`);
const inputOf = ({ name, input }: Example) => join(exampleModel(name), input);

/** snarkjs as its users run it; whether it says OK. */
function snarkjsVerifies(example: Example): boolean {
  const script = join(dirname(createRequire(import.meta.url).resolve('snarkjs')), 'cli.cjs');
  const [key, proof] = [compiledOf(example), proofOf(example)];
  const files = [
    join(key, 'verification_key.json'),
    join(proof, 'public.json'),
    join(proof, 'proof.json'),
  ];
  const { stdout } = spawnSync(process.execPath, [script, 'groth16', 'verify', ...files], {
    encoding: 'utf8',
  });
  return stdout.includes('OK!');
}

function altered(path: string, change: (text: string) => string): string {
  const copy = `${path}.altered.json`;
  const text = readFileSync(path, 'utf8');
  writeFileSync(copy, change(text));
  assert.notEqual(readFileSync(copy, 'utf8'), text);
  return copy;
}

for (const example of EXAMPLES) {
  const { name, label, options } = example;
  const [compiled, proof, input] = [compiledOf(example), proofOf(example), inputOf(example)];

  test(`${name}: compiled, set up, proved, and verified by zkinfer and by snarkjs`, async () => {
    await zkinferJson('compile', exampleModel(name), ...options, '--out', compiled);
    const { cost } = await zkinferJson('inspect', compiled);
    const setup = await zkinferJson('setup', compiled, '--development');
    assert.equal(setup.keyBytes, cost.keyBytes, 'the predicted size of the key is exact');
    const proved = await zkinferJson(
      'prove',
      compiled,
      '--input',
      input,
      '--binder',
      '42',
      '--out',
      proof,
    );
    assert.equal(proved.outputs[0].label, label);
    assert.equal(proved.publicSignals[2], '42');
    assert.equal(statSync(join(proof, 'opening.json')).mode & 0o777, 0o600);
    const claims = ['--input', input, '--output', join(proof, 'output.json'), '--binder', '42'];
    const opening = ['--opening', join(proof, 'opening.json')];
    const verdict = await zkinferJson('verify', compiled, '--proof', proof, ...claims, ...opening);
    assert.equal(verdict.valid, true);
    assert.equal(verdict.checks.length, 6);
    assert.ok(snarkjsVerifies(example));
  });
}

test('the integer network gives what was proved', async () => {
  const { outputs } = await zkinferJson('infer', compiledOf(IRIS), '--input', inputOf(IRIS));
  const stored = JSON.parse(readFileSync(join(proofOf(IRIS), 'output.json'), 'utf8'));
  assert.deepEqual(outputs, stored.outputs);
});

test('a second setup keeps the keys; another kind needs --force', async () => {
  const again = await zkinferJson('setup', compiledOf(IRIS), '--development');
  assert.equal(again.upToDate, true);
  const ptau = join(folder, 'any.ptau');
  writeFileSync(ptau, 'x');
  await assertFails(2, 'CLI_SETUP_EXISTS', 'setup', compiledOf(IRIS), '--ptau', ptau);
});

test('compiling again keeps the keys of an unchanged circuit, and deletes those of another', async () => {
  const copy = join(folder, 'recompiled');
  cpSync(compiledOf(IRIS), copy, { recursive: true });
  const compile = ['compile', exampleModel('iris-mlp'), '--out', copy];
  await zkinferJson(...compile, ...IRIS.options, '--force');
  assert.equal((await zkinferJson('inspect', copy)).key, true);
  await zkinferJson('prove', copy, '--input', inputOf(IRIS), '--out', join(folder, 'again'));
  await zkinferJson(...compile, ...IRIS.options, '--weight-bits', '5');
  assert.equal((await zkinferJson('inspect', copy)).key, false);
  assert.equal(existsSync(join(copy, 'verification_key.json')), false);
});

test('the answer is no, exit code 1: altered signals, another model’s proof, other claims', async () => {
  const [compiled, proof] = [compiledOf(IRIS), proofOf(IRIS)];
  const verify = async (...args: string[]) => {
    const { exitCode, stdout } = await runZkinfer('verify', compiled, ...args);
    assert.match(stdout, /✗ .*: no/);
    return exitCode;
  };
  const altered42 = altered(join(proof, 'public.json'), (text) => text.replace('"42"', '"43"'));
  assert.equal(await verify('--proof', proof, '--public', altered42), 1);
  assert.equal(await verify('--proof', proofOf(EXAMPLES[1]!)), 1);
  assert.equal(await verify('--proof', proof, '--binder', '43'), 1);
  const setosa = join(exampleModel('iris-mlp'), 'setosa.json');
  const opening = ['--opening', join(proof, 'opening.json')];
  assert.equal(await verify('--proof', proof, '--input', setosa, ...opening), 1);
  assert.equal(await verify('--proof', proof, '--input', inputOf(IRIS)), 1, 'without the salt');
  const relabelled = altered(join(proof, 'output.json'), (text) =>
    text.replace('"label": "virginica"', '"label": "setosa"'),
  );
  assert.equal(await verify('--proof', proof, '--output', relabelled, ...opening), 1);
});

test('malformed proofs and signals are bad input, exit code 2, never a plain no', async () => {
  const [compiled, proof] = [compiledOf(IRIS), proofOf(IRIS)];
  const withPublic = (change: (text: string) => string) => [
    ...['verify', compiled, '--proof', proof],
    ...['--public', altered(join(proof, 'public.json'), change)],
  ];
  const tooLarge = (text: string) => text.replace('"42"', `"${42n + SCALAR_FIELD_ORDER}"`);
  await assertFails(2, 'PROVER_PUBLIC_MALFORMED', ...withPublic(tooLarge));
  await assertFails(
    2,
    'PROVER_PUBLIC_MALFORMED',
    ...withPublic((text) => text.replace('"42"', '"042"')),
  );
  const broken = altered(join(proof, 'proof.json'), (text) =>
    text.replace(/"pi_a": \[\s*"\d/, '$&9'),
  );
  const files = ['--proof', broken, '--public', join(proof, 'public.json')];
  await assertFails(2, 'PROVER_PROOF_MALFORMED', 'verify', compiled, ...files);
  const cut = altered(join(proof, 'proof.json'), (text) => text.slice(0, 200));
  await assertFails(2, 'CORE_JSON_SYNTAX', 'verify', compiled, '--proof', cut);
});

test('keys of another circuit, and altered keys, are refused before proving', async () => {
  const copy = join(folder, 'mixed');
  cpSync(compiledOf(IRIS), copy, { recursive: true });
  const prove = ['prove', copy, '--input', inputOf(IRIS), '--out', join(folder, 'never')];
  for (const name of ['proving_key.zkey', 'setup.json', 'verification_key.json']) {
    copyFileSync(join(compiledOf(EXAMPLES[1]!), name), join(copy, name));
  }
  await assertFails(2, 'PROVER_KEY_MISMATCH', ...prove);
  copyFileSync(join(compiledOf(IRIS), 'setup.json'), join(copy, 'setup.json'));
  await assertFails(2, 'PROVER_KEY_ALTERED', ...prove);
  assert.equal(existsSync(join(folder, 'never')), false);
});

test('an engine is taken by option, by the environment, or chosen; one that is not is refused', async () => {
  const out = join(folder, 'by-engine');
  const prove = ['prove', compiledOf(IRIS), '--input', inputOf(IRIS), '--out', out];
  assert.equal((await zkinferJson(...prove)).engine, 'wasm');
  assert.equal((await zkinferJson(...prove, '--engine', 'snarkjs')).engine, 'snarkjs');
  await assertFails(2, 'CLI_USAGE', ...prove, '--engine', 'abacus');
  process.env.ZKINFER_ENGINE = 'snarkjs';
  assert.equal((await zkinferJson(...prove)).engine, 'snarkjs');
  assert.equal((await zkinferJson(...prove, '--engine', 'wasm')).engine, 'wasm');
  process.env.ZKINFER_ENGINE = 'abacus';
  await assertFails(2, 'PROVER_ENGINE_UNKNOWN', ...prove);
  delete process.env.ZKINFER_ENGINE;
});

test('an interrupted proof leaves no file half-written', async () => {
  const out = join(folder, 'interrupted-proof');
  const example = EXAMPLES[1]!;
  const child = startZkinfer(
    'prove',
    compiledOf(example),
    '--input',
    inputOf(example),
    '--out',
    out,
  );
  const ended = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
  // The folder is made just before the proof.
  while (!existsSync(out)) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGINT');
  assert.equal(await ended, 'SIGINT');
  assert.deepEqual(readdirSync(out), []);
});

test('audit finds an untouched directory consistent, and names what was altered', async () => {
  const { sound, pin } = await zkinferJson('audit', compiledOf(IRIS), '--allow-development');
  assert.match(String(pin), /^[0-9a-f]{64}$/);
  assert.equal(sound, true);
  assert.equal((await runZkinfer('audit', compiledOf(IRIS))).exitCode, 1, 'a development key');
  const copy = join(folder, 'audited');
  cpSync(compiledOf(IRIS), copy, { recursive: true });
  writeFileSync(join(copy, 'report.json'), '{}');
  const { exitCode, stdout } = await runZkinfer('audit', copy, '--allow-development');
  assert.equal(exitCode, 1);
  assert.match(stdout, /report\.json/);
});

test('audit and verify see through a manifest that was made to fit', async () => {
  const copy = join(folder, 'refitted');
  const alter = (name: string, change: (text: string) => string) => {
    cpSync(compiledOf(IRIS), copy, { recursive: true });
    writeFileSync(join(copy, name), change(readFileSync(join(copy, name), 'utf8')));
    const content = readFileSync(join(copy, name));
    const manifest = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8'));
    const sha256 = createHash('sha256').update(content).digest('hex');
    manifest.files[name] = { bytes: content.length, sha256 };
    writeFileSync(join(copy, 'manifest.json'), JSON.stringify(manifest));
  };
  alter('circuit.json', (text) => text.replace(/"provingKeyBytes": \d+/, '"provingKeyBytes": 1'));
  const audited = await runZkinfer('audit', copy, '--allow-development');
  assert.equal(audited.exitCode, 1);
  assert.match(audited.stdout, /✗ circuit\.json/);
  alter('verification_key.json', (text) => `${text} `);
  const verify = ['verify', copy, '--proof', proofOf(IRIS)];
  await assertFails(2, 'PROVER_VERIFICATION_KEY_MIXED', ...verify);
});

test('an output of another model is refused', async () => {
  const output = join(proofOf(EXAMPLES[1]!), 'output.json');
  const verify = ['verify', compiledOf(IRIS), '--proof', proofOf(IRIS), '--output', output];
  await assertFails(2, 'CLI_OUTPUT_MODEL', ...verify);
});

test('an interrupted setup leaves nothing half-written, and a rerun finishes', async () => {
  const copy = join(folder, 'interrupted');
  cpSync(compiledOf(EXAMPLES[1]!), copy, { recursive: true });
  const before = readdirSync(copy).sort();
  const child = startZkinfer('setup', copy, '--development', '--force');
  const ended = new Promise((resolve) => child.on('close', resolve));
  const isWriting = () => readdirSync(copy).some((name) => name.includes('.tmp-'));
  while (!isWriting()) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  await ended;
  await zkinferJson(
    'prove',
    copy,
    '--input',
    inputOf(EXAMPLES[1]!),
    '--out',
    join(folder, 'old-key'),
  );
  await zkinferJson('setup', copy, '--development');
  assert.deepEqual(readdirSync(copy).sort(), before, 'leftovers are gone, the old key stays');
  await zkinferJson('setup', copy, '--development', '--force');
  assert.deepEqual(readdirSync(copy).sort(), before);
});

test('calldata is what snarkjs exports', async () => {
  const proof = proofOf(IRIS);
  const { calldata } = await zkinferJson(
    'export',
    compiledOf(IRIS),
    '--calldata',
    '--proof',
    proof,
  );
  const script = join(dirname(createRequire(import.meta.url).resolve('snarkjs')), 'cli.cjs');
  const files = [join(proof, 'public.json'), join(proof, 'proof.json')];
  const args = [script, 'zkey', 'export', 'soliditycalldata', ...files];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(calldata, stdout.replaceAll(/\s/g, ''));
});
