/** A study from its first compilation to its last figure; each model by itself, failures noted. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Circuit, calculateWitness } from '@zkinfer/circuits';
import { type Progress, type Witness, ZkinferError } from '@zkinfer/core';
import { chooseEngine } from '@zkinfer/prover';
import type { CaseInputs, ExternalProgram } from '../case.ts';
import { loadKey, type ProofInputs, writeProofFiles } from '../inputs/proof-inputs.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { calculateCircomWitness } from './circomlib-ml/circom-witness.ts';
import {
  CIRCOMLIB_ML,
  CIRCOMLIB_MODELS,
  loadCircomlibModel,
  openCircomlibSystem,
} from './circomlib-ml/circomlib-model.ts';
import { describeCircuit } from './describe-circuit.ts';
import { describeModel } from './describe-model.ts';
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

const OURS = 'zkinfer';

/** Whose contestants are compilers; of other phases they are engines. */
const COMPILER_PHASES: readonly Phase[] = ['compile', 'setup', 'witness'];

/** Phases that `--engine` chooses from. */
const PROVER_PHASES: readonly Phase[] = ['prove-cold', 'prove-warm'];

/** Runs it all; the recorder has what came of it. Does not throw for what a model or engine does. */
export async function runStudy(options: StudyOptions): Promise<void> {
  const { suite, recorder, progress } = options;
  for (const model of suite.models) {
    const study = { ...options, model };
    await noted(study, OURS, 'all', () => studyModel(study));
    if (suite.comparesCompilers && CIRCOMLIB_MODELS.includes(model.name)) {
      await noted(study, CIRCOMLIB_ML, 'all', () => studyCircomlib(study));
    }
  }
  if (suite.batches.length > 0) {
    await noted(options, OURS, 'gas', async () => {
      progress.stage('gas on a local node');
      await recorder.addGas(await measureGas(suite.batches));
    });
  }
  await recorder.finish(new Date());
}

interface ModelStudy extends StudyOptions {
  readonly model: BenchModel;
}

async function studyModel(study: ModelStudy): Promise<void> {
  const { model, recorder, progress } = study;
  const inputs = compiledInputs(model);
  const phase = (name: Phase, more: CaseInputs = {}) =>
    studyPhase(study, OURS, name, { ...inputs, ...more });
  if (!(await phase('compile'))) return;
  const circuit = await openStudyCircuit(inputs.compiled);
  progress.stage(`${model.name}: counting, and predictions of the test data`);
  await recorder.addModel(await describeModel(model, circuit));
  await recorder.addCircuit(describeCircuit(model.name, OURS, circuit));
  await phase('infer');
  await phase('witness');
  if (!(await phase('setup'))) return;
  const { witness } = calculateWitness(circuit, await studyInference(model, circuit));
  const files = await proofFiles(circuit, witness, progress);
  await phase('prove-cold', files);
  await phase('prove-warm', files);
  await phase('verify', files);
}

/** The same model by circomlib-ml: other rows and another statement, proved by the same provers. */
async function studyCircomlib(study: ModelStudy): Promise<void> {
  const { model, recorder, progress } = study;
  const phase = (name: Phase, more: CaseInputs = {}) =>
    studyPhase(study, CIRCOMLIB_ML, name, { model: model.name, ...more });
  if (!(await phase('compile'))) return;
  const system = await openCircomlibSystem(model.name);
  await recorder.addCircuit(describeCircuit(model.name, CIRCOMLIB_ML, system));
  await phase('witness');
  if (!(await phase('setup'))) return;
  const { inputs } = await loadCircomlibModel(model);
  const witness = await calculateCircomWitness(model.name, inputs);
  const files = await writeProofFiles(system, witness, progress);
  await phase('prove-cold', files);
  await phase('prove-warm', files);
}

function studyPhase(
  { model, suite, repeat, programs, engines, recorder, progress }: ModelStudy,
  compiler: string,
  phase: Phase,
  inputs: CaseInputs,
): Promise<boolean> {
  const isSlow = phase === 'compile' || phase === 'setup';
  const isAskedFor = (engine: string) =>
    engines.length === 0 ||
    engines.includes(engine) ||
    programs.some(({ name }) => name === engine);
  return runPhase({
    phase,
    model: model.name,
    compiler,
    inputs,
    rounds: repeat ?? (isSlow ? suite.slowRepeat : suite.repeat),
    programs,
    takesPart: (engine) => {
      if (COMPILER_PHASES.includes(phase)) return engine === compiler;
      return !PROVER_PHASES.includes(phase) || isAskedFor(engine);
    },
    recorder,
    progress,
  });
}

/** The files that provers and verifiers start from, with a proof of ours. */
async function proofFiles(
  circuit: Circuit,
  witness: Witness,
  progress: Progress,
): Promise<ProofInputs> {
  const files = await writeProofFiles(circuit, witness, progress);
  const engine = await chooseEngine('wasm');
  try {
    const bundle = await engine.prove(await loadKey(files), witness);
    const proofPath = join(dirname(files.witnessPath), 'proof.json');
    await writeFile(proofPath, JSON.stringify(bundle));
    return { ...files, proofPath };
  } finally {
    await engine.close();
  }
}

/** What goes wrong between measurements is noted, too, and ends this part alone. */
async function noted(
  { recorder, model }: StudyOptions & Partial<ModelStudy>,
  compiler: string,
  phase: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = error instanceof ZkinferError ? error.code : 'BENCH_UNEXPECTED';
    const what = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
    const name = model?.name ?? 'all';
    await recorder.addFailure({ model: name, compiler, engine: '–', phase, code, what });
  }
}
