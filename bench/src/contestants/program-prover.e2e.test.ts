import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readWtns, SILENT_PROGRESS } from '@zkinfer/core';
import { squareChainSystem } from '@zkinfer/core/testing';
import { chooseEngine, type ProofBundle } from '@zkinfer/prover';
import { loadKey, type ProofInputs, writeProofFiles } from '../inputs/proof-inputs.ts';
import { programProver } from './program-prover.ts';

let folder: string;
let inputs: ProofInputs;
let bundle: ProofBundle;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-program-'));
  const { system, witness } = squareChainSystem(3, 2n);
  inputs = await writeProofFiles(system, witness, SILENT_PROGRESS, folder);
  const engine = await chooseEngine('snarkjs');
  bundle = await engine.prove(await loadKey(inputs), readWtns(await readFile(inputs.witnessPath)));
  await engine.close();
});
after(() => rm(folder, { recursive: true }));

/** A program that writes texts in place of a proof and its signals. */
async function programThat(name: string, lines: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
  return path;
}

async function runProgram(path: string): Promise<string> {
  const contestant = await programProver({ name: 'other', path }).open(inputs, '');
  try {
    await contestant.run();
    return await contestant.outcome();
  } finally {
    await contestant.close();
  }
}

function printing(proof: unknown, publicSignals: unknown): string {
  const quote = (value: unknown) => `'${JSON.stringify(value)}'`;
  return `printf %s ${quote(proof)} > "$3"\nprintf '%s\\0' ${quote(publicSignals)} > "$4"`;
}

test('behavior: a program is given key and witness, and its proof is verified', async () => {
  const check = `test "$1" = '${inputs.keyPath}' && test "$2" = '${inputs.witnessPath}' || exit 9`;
  const proving = `${check}\n${printing(bundle.proof, bundle.publicSignals)}`;
  assert.equal(await runProgram(await programThat('honest', proving)), '256');
});

test('error: a program whose proof does not verify', async () => {
  const lying = await programThat('lying', printing(bundle.proof, ['257']));
  await assert.rejects(runProgram(lying), /does not verify/);
});

test('error: a program that fails, or is none', async () => {
  const failing = await programThat('failing', 'echo no memory >&2\nexit 3');
  await assert.rejects(runProgram(failing), /ended with 3: no memory/);
  await assert.rejects(runProgram(join(folder, 'absent')), { code: 'ENOENT' });
});
