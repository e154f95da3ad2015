/** A study from its first compilation to its last figure; each model by itself, failures noted. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chooseEngine } from '@zkinfer/prover';
import type { ExternalProgram } from '../case.ts';
import type { ContestWatch } from '../contest/contest-watch.ts';
import { loadKey, type ProofInputs, writeProofFiles } from '../inputs/proof-inputs.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { OthersWatch } from '../others-watch.ts';
import { CIRCOMLIB_MODELS } from './circomlib-ml/circomlib-model.ts';
import { type CompilerLane, circomlibLane, ZKINFER, zkinferLane } from './compiler-lane.ts';
import { describeCircuit } from './describe-circuit.ts';
import { describeModel } from './describe-model.ts';
import { measureGas } from './measure-gas.ts';
import { failureOf, runPhase } from './run-phase.ts';
import type { RunRecorder } from './run-recorder.ts';
import { openStudyCircuit } from './study-files.ts';
import type { StudyProgress } from './study-progress.ts';
import type { Phase } from './study-run.ts';
import type { Suite } from './suites.ts';

/** How a study is run. */
export interface StudyOptions extends ContestWatch {
  readonly suite: Suite;
  /** In place of the suite's, all phases alike; undefined: as the suite has it. */
  readonly repeat: number | undefined;
  /** Names of those of the bench who may prove and verify. */
  readonly provers: readonly string[];
  readonly programs: readonly ExternalProgram[];
  readonly recorder: RunRecorder;
  readonly progress: StudyProgress;
}

/** Whose contestants are compilers; of other phases they are engines. */
const COMPILER_PHASES: readonly Phase[] = ['compile', 'setup', 'witness'];

/** Phases that provers are chosen for. */
const PROVER_PHASES: readonly Phase[] = ['prove-cold', 'prove-warm'];

/** Compilation and setup take seconds to minutes. */
const SLOW_PHASES: readonly Phase[] = ['compile', 'setup'];

/**
 * Runs it all; the recorder has what came of it. Does not throw for what a model or engine does.
 * @throws the signal's reason when it was aborted
 */
export async function runStudy(options: StudyOptions): Promise<void> {
  const { suite, recorder, progress } = options;
  const others = new OthersWatch();
  for (const model of suite.models) {
    progress.model(model);
    const study = { ...options, model };
    await noted(study, ZKINFER, 'all', () => studyModel(study));
  }
  if (suite.batches.length > 0) {
    await noted(options, ZKINFER, 'gas', async () => {
      progress.stage('gas on a local node');
      await recorder.addGas(await measureGas(suite.batches));
    });
  }
  await recorder.finish(new Date(), others.warnings());
}

interface ModelStudy extends StudyOptions {
  readonly model: BenchModel;
}

async function studyModel(study: ModelStudy): Promise<void> {
  const { model, suite } = study;
  const hasRival = suite.comparesCompilers && CIRCOMLIB_MODELS.includes(model.name);
  const lanes = [zkinferLane(model), ...(hasRival ? [circomlibLane(model)] : [])];
  const compiled = await studyPhase(study, 'compile', lanes);
  // What else is said of a model starts from our circuit of it.
  if (!compiled.some(isOurs)) return;
  await describe(study, compiled);
  await studyPhase(study, 'infer', compiled.filter(isOurs));
  await studyPhase(study, 'witness', compiled);
  const ready = await studyPhase(study, 'setup', compiled);
  const provable = await withProofFiles(study, ready);
  for (const phase of ['prove-cold', 'prove-warm', 'verify'] as const) {
    await studyPhase(study, phase, provable);
  }
}

function isOurs({ compiler }: { readonly compiler: string }): boolean {
  return compiler === ZKINFER;
}

/** @returns the lanes in which anyone got through */
async function studyPhase(
  study: ModelStudy,
  phase: Phase,
  lanes: readonly CompilerLane[],
): Promise<CompilerLane[]> {
  const { model, suite, repeat, progress, provers, programs } = study;
  progress.phase(phase);
  const isProver = (engine: string) =>
    provers.includes(engine) || programs.some(({ name }) => name === engine);
  const through = await runPhase({
    ...study,
    phase,
    model: model.name,
    lanes,
    warmUpMs: suite.warmUpMs,
    rounds: repeat ?? (SLOW_PHASES.includes(phase) ? suite.slowRepeat : suite.repeat),
    takesPart(engine, compiler) {
      if (COMPILER_PHASES.includes(phase)) return engine === compiler;
      if (phase === 'verify') return engine === ZKINFER || isProver(engine);
      return !PROVER_PHASES.includes(phase) || isProver(engine);
    },
  });
  return lanes.filter(({ compiler }) => through.includes(compiler));
}

async function describe(study: ModelStudy, lanes: readonly CompilerLane[]): Promise<void> {
  const { model, recorder, progress, signal } = study;
  progress.stage(`${model.name}: counting, and predictions of the test data`);
  const ours = lanes.find(isOurs)!;
  await recorder.addModel(
    await describeModel(model, await openStudyCircuit(String(ours.inputs.compiled))),
  );
  signal.throwIfAborted();
  for (const { compiler, openSystem } of lanes) {
    await recorder.addCircuit(describeCircuit(model.name, compiler, await openSystem()));
  }
}

/** The lanes with the files that provers and verifiers start from; without those that fail here. */
async function withProofFiles(
  study: ModelStudy,
  lanes: readonly CompilerLane[],
): Promise<CompilerLane[]> {
  const ready: CompilerLane[] = [];
  for (const lane of lanes) {
    await noted(study, lane.compiler, 'proof', async () => {
      const files = await proofFiles(study, lane);
      ready.push({ ...lane, inputs: { ...lane.inputs, ...files } });
    });
  }
  return ready;
}

/** Key and witness, and a proof of ours for those who verify. */
async function proofFiles(
  { progress, model }: ModelStudy,
  lane: CompilerLane,
): Promise<ProofInputs> {
  progress.stage(`${model.name}: a proof to verify, ${lane.compiler}`);
  const witness = await lane.calculateWitness();
  const files = await writeProofFiles(await lane.openSystem(), witness, progress);
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
  { recorder, model, signal }: StudyOptions & Partial<ModelStudy>,
  compiler: string,
  phase: string,
  work: () => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  try {
    await work();
  } catch (error) {
    signal.throwIfAborted();
    const name = model?.name ?? 'all';
    await recorder.addFailure({ model: name, compiler, engine: '–', phase, ...failureOf(error) });
  }
}
