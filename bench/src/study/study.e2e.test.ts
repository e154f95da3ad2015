/** The smallest suite, run as its user would. Structure is checked, not time. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { waitUntil } from '@zkinfer/core/testing';
import { childrenOf } from '../process-tree.ts';
import { readRun } from './run-recorder.ts';
import { PHASES, type StudyRun } from './study-run.ts';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-bench-'));
});
after(() => rm(folder, { recursive: true, force: true }));

function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the smoke suite', () => {
  let run: StudyRun;
  let printed: string;
  before(async () => {
    const out = join(folder, 'smoke');
    // A program that fails at once stands for a prover that does not work here.
    const { status, stdout, stderr } = bench(
      '--suite',
      'smoke',
      '--with',
      'no=/bin/false',
      '--out',
      out,
    );
    assert.equal(status, 0, stderr);
    printed = stdout;
    run = await readRun(join(out, 'run.json'));
  });

  test('every phase is measured, and the run is finished', () => {
    assert.notEqual(run.finishedAt, null);
    for (const phase of PHASES) {
      assert.ok(
        run.samples.some((sample) => sample.phase === phase),
        phase,
      );
    }
    const provers = run.samples.filter(({ phase }) => phase === 'prove-warm');
    assert.deepEqual(provers.map(({ engine }) => engine).sort(), ['snarkjs', 'wasm']);
  });

  test('a prover that fails is reported, and does not stop the suite', () => {
    const failed = run.failures.map(({ engine, phase, code }) => `${engine} ${phase} ${code}`);
    assert.deepEqual(failed, [
      'no prove-cold BENCH_CONTESTANT_FAILED',
      'no prove-warm BENCH_CONTESTANT_FAILED',
    ]);
    assert.match(run.versions.no!, /^sha256 /);
    assert.match(printed, /not measured: iris-mlp, prove-warm, no/);
  });

  test('sizes, accuracy and gas are those of the real thing', () => {
    const [circuit] = run.circuits;
    assert.ok(circuit!.rows > 1_000 && circuit!.keyBytes > 500_000);
    assert.equal(run.models[0]!.accuracy!.samples, 30);
    assert.deepEqual(
      run.gas.map(({ call, batch }) => `${call} ${batch}`),
      ['verify 1', 'fulfill 1', 'verify 2', 'fulfill 2'],
    );
    assert.ok(run.gas.every(({ gasUsed, batch }) => gasUsed > 100_000 * batch));
  });

  test('the report stands beside the raw data, and can be made again from it', async () => {
    const again = join(folder, 'again');
    assert.equal(bench('report', join(folder, 'smoke', 'run.json'), '--out', again).status, 0);
    for (const file of ['report.md', 'report.html', 'charts/time-by-rows.svg']) {
      const [first, second] = await Promise.all(
        ['smoke', 'again'].map((name) => readFile(join(folder, name, file), 'utf8')),
      );
      assert.equal(first, second, file);
      assert.ok(first!.length > 500, file);
    }
  });

  test('a run compared with itself has not regressed', () => {
    const path = join(folder, 'smoke', 'run.json');
    const { status, stdout } = bench('compare', path, path);
    assert.equal(status, 0);
    assert.match(stdout, /0 worse, 0 better, 0 failed, of \d+ figures; 0 counts differ/);
  });
});

test('an interrupted run keeps and reports what was measured, and leaves no process', async () => {
  const out = join(folder, 'interrupted');
  const path = join(out, 'run.json');
  const child = spawn(process.execPath, [MAIN, '--suite', 'smoke', '--out', out], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const measured = async () => (await readRun(path).catch(() => undefined))?.samples.length ?? 0;
  await waitUntil(async () => (await measured()) > 0 && childrenOf(child.pid!).length > 0);
  const contestants = childrenOf(child.pid!);
  child.kill('SIGINT');
  assert.deepEqual(await ended, [130, null]);
  const run = await readRun(path);
  assert.equal(run.finishedAt, null);
  assert.ok(run.samples.length > 0);
  assert.deepEqual(run.failures, []);
  assert.match(await readFile(join(out, 'report.md'), 'utf8'), /interrupted/);
  await waitUntil(() => contestants.every((pid) => !isRunning(pid)));
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('our engine alone needs no packages of others, and is still measured in all phases', async () => {
  const out = join(folder, 'own');
  const { status, stderr } = bench('--suite', 'smoke', '--engine', 'wasm', '--out', out);
  assert.equal(status, 0, stderr);
  const run = await readRun(join(out, 'run.json'));
  assert.ok(!('snarkjs' in run.versions));
  assert.deepEqual(run.failures, []);
  assert.deepEqual([...new Set(run.samples.map(({ phase }) => phase))].sort(), [...PHASES].sort());
  assert.ok(run.samples.every(({ engine }) => engine !== 'snarkjs'));
});

test('usage errors are told before anything is run', async () => {
  const out = join(folder, 'none');
  for (const args of [
    ['--suite', 'nope'],
    ['--model', 'nope'],
    ['--engine', 'nope'],
    ['--with', 'nope=/nowhere/prover'],
    ['--with', 'wasm=/bin/false'],
    ['--case', 'nope'],
  ]) {
    assert.equal(bench(...args, ...(args[0] === '--case' ? [] : ['--out', out])).status, 2);
  }
  assert.equal(bench('compare', join(folder, 'x.json'), join(folder, 'y.json')).status, 2);
  await assert.rejects(stat(pathToFileURL(out)));
});
