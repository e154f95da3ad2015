import { readFile } from 'node:fs/promises';
import { InputError, parseJson, type ZkinferError } from '@zkinfer/core';
import { writeFileAtomically } from '@zkinfer/core/node';
import { readSchema } from '@zkinfer/core/service';
import {
  type GasSample,
  type Sample,
  type StudyCircuit,
  type StudyFailure,
  type StudyModel,
  type StudyRun,
  StudyRunSchema,
} from './study-run.ts';

/** Keeps a run and writes its file after every change: an interruption loses one measurement. */
export class RunRecorder {
  readonly path: string;
  #run: StudyRun;

  private constructor(path: string, run: StudyRun) {
    this.path = path;
    this.#run = run;
  }

  /** @throws as `writeFileAtomically` */
  static async create(path: string, run: StudyRun): Promise<RunRecorder> {
    const recorder = new RunRecorder(path, run);
    await recorder.#write();
    return recorder;
  }

  get run(): StudyRun {
    return this.#run;
  }

  addModel(model: StudyModel): Promise<void> {
    return this.#change({ models: [...this.#run.models, model] });
  }

  addCircuit(circuit: StudyCircuit): Promise<void> {
    return this.#change({ circuits: [...this.#run.circuits, circuit] });
  }

  addSample(sample: Sample): Promise<void> {
    return this.#change({ samples: [...this.#run.samples, sample] });
  }

  addGas(samples: readonly GasSample[]): Promise<void> {
    return this.#change({ gas: [...this.#run.gas, ...samples] });
  }

  addFailure(failure: StudyFailure): Promise<void> {
    return this.#change({ failures: [...this.#run.failures, failure] });
  }

  /** @param warnings of what is known at the end alone */
  finish(finishedAt: Date, warnings: readonly string[]): Promise<void> {
    return this.#change({
      finishedAt: finishedAt.toISOString(),
      warnings: [...this.#run.warnings, ...warnings],
    });
  }

  #change(part: Partial<StudyRun>): Promise<void> {
    this.#run = { ...this.#run, ...part };
    return this.#write();
  }

  async #write(): Promise<void> {
    await writeFileAtomically(this.path, `${JSON.stringify(this.#run, undefined, 1)}\n`);
  }
}

/**
 * Reads the file of a run.
 * @throws InputError CORE_JSON_SYNTAX, CORE_SCHEMA, BENCH_RUN_MISSING
 */
export async function readRun(path: string): Promise<StudyRun> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw missing(path, cause.code ?? cause.message);
  });
  return readSchema(StudyRunSchema, parseJson(text, path), path);
}

function missing(path: string, got: string): ZkinferError {
  return new InputError({
    code: 'BENCH_RUN_MISSING',
    what: `${path} cannot be read`,
    got,
    expected: 'the run.json of a bench',
  });
}
