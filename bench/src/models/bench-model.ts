import type { FloatGraph, ImagePreprocessing } from '@zkinfer/circuits';
import type { StudyModel } from '../study/study-run.ts';

/** Samples with true classes, to compare the predictions of the float and the integer network. */
export interface TestSamples {
  readonly samples: number;
  /** Reals, the samples one after the other; models of one input alone. */
  readonly inputs: Float32Array;
  readonly labels: ArrayLike<number>;
}

/** Everything that compiling and running a model needs. */
export interface LoadedModel {
  readonly graph: FloatGraph;
  /** For each input of the graph its real samples, one after the other. */
  readonly calibration: readonly Float32Array[];
  readonly image: ImagePreprocessing | undefined;
  /** Undefined for seeded weights: their predictions mean nothing. */
  readonly test: TestSamples | undefined;
}

/** A model of the study. */
export interface BenchModel {
  readonly name: string;
  readonly title: string;
  readonly weights: StudyModel['weights'];
  readonly ladder: StudyModel['ladder'];
  /** Of its circuit, about: how long its measurements take goes with them. */
  readonly roughRows: number;
  load(): Promise<LoadedModel>;
}
