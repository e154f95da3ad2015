/** A study from its first compilation to its last figure; each model by itself, failures noted. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Circuit, calculateWitness } from '@zkinfer/circuits';
import { type Progress, ZkinferError } from '@zkinfer/core';
import { chooseEngine } from '@zkinfer/prover';
import type { CaseInputs, ExternalProgram } from '../case.ts';
import { loadKey, type ProofInputs, writeProofFiles } from '../inputs/proof-inputs.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { describeCircuit, describeModel } from './describe-model.ts';
import { measureGas } from './measure-gas.ts';
import { runPhase } from './run-phase.ts';
import type { RunRecorder } from './run-recorder.ts';
import { compiledInputs, openStudyCircuit, studyInference } from './study-files.ts';
import type { Phase } from './study-run.ts';
import type { Suite } from './suites.ts';

/** How a study is run. */
export interface StudyOptions {
  readonly suite: Suite;
  /** In place of the suite's, all phases alike; undefined: as the suite has it. */
  readonly repeat: number | undefined;
  /** Names of those who may prove; empty: all. */
  readonly engines: readonly string[];
  readonly programs: readonly ExternalProgram[];
  readonly recorder: RunRecorder;
  readonly progress: Progress;
}

/** Phases that take part whatever engines are asked for. */
const OWN_PHASES: readonly Phase[] = ['compile', 'setup', 'infer', 'witness', 'verify'];

/** Runs it all; the recorder has what came of it. Does not throw for what a model or engine does. */
export async function runStudy(options: StudyOptions): Promise<void> {
  const { suite, recorder, progress } = options;
  for (const model of suite.models) {
    await noted(options, model.name, 'all', () => studyModel(model, options));
  }
  if (suite.batches.length > 0) {
    await noted(options, 'all', 'gas', async () => {
      progress.stage('gas on a local node');
      await recorder.addGas(await measureGas(suite.batches));
    });
  }
  await recorder.finish(new Date());
}

async function studyModel(model: BenchModel, options: StudyOptions): Promise<void> {
  const { suite, recorder, progress, repeat } = options;
  const inputs = compiledInputs(model);
  const phase = (name: Phase, more: CaseInputs = {}) =>
    runPhase({
      phase: name,
      model: model.name,
      compiler: 'zkinfer',
      inputs: { ...inputs, ...more },
      rounds: repeat ?? (isSlow(name) ? suite.slowRepeat : suite.repeat),
      programs: options.programs,
      takesPart: (engine) => takesPart(name, engine, options),
      recorder,
      progress,
    });
  if (!(await phase('compile'))) return;
  const circuit = await openStudyCircuit(inputs.compiled);
  progress.stage(`${model.name}: counting, and predictions of the test data`);
  await recorder.addModel(await describeModel(model, circuit));
  await recorder.addCircuit(describeCircuit(model.name, circuit));
  await phase('infer');
  await phase('witness');
  if (!(await phase('setup'))) return;
  const files = await proofFiles(model, circuit, inputs.compiled, progress);
  await phase('prove-cold', files);
  await phase('prove-warm', files);
  await phase('verify', files);
}

/** The files that provers and verifiers start from, with a proof of ours. */
async function proofFiles(
  model: BenchModel,
  circuit: Circuit,
  folder: string,
  progress: Progress,
): Promise<ProofInputs> {
  const { witness } = calculateWitness(circuit, await studyInference(model, circuit));
  const files = await writeProofFiles(circuit, witness, progress);
  const engine = await chooseEngine('wasm');
  try {
    const bundle = await engine.prove(await loadKey(files), witness);
    const proofPath = join(folder, 'proof.json');
    await writeFile(proofPath, JSON.stringify(bundle));
    return { ...files, proofPath };
  } finally {
    await engine.close();
  }
}

function isSlow(phase: Phase): boolean {
  return phase === 'compile' || phase === 'setup';
}

function takesPart(phase: Phase, engine: string, { engines, programs }: StudyOptions): boolean {
  if (OWN_PHASES.includes(phase) || engines.length === 0) return true;
  return engines.includes(engine) || programs.some(({ name }) => name === engine);
}

/** What goes wrong between measurements is noted, too, and ends this part alone. */
async function noted(
  { recorder }: StudyOptions,
  model: string,
  phase: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = error instanceof ZkinferError ? error.code : 'BENCH_UNEXPECTED';
    const what = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
    await recorder.addFailure({ model, compiler: 'zkinfer', engine: '–', phase, code, what });
  }
}
