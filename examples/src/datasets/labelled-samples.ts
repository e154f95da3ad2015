/** The shape in which every example dataset reaches training and evaluation. */

/** Samples of one shape with their classes, all in one flat array. */
export interface LabelledSamples {
  /** Shape of one sample, without the batch dimension. */
  readonly shape: readonly number[];
  /** count × product(shape) stored values, C order. */
  readonly values: Uint8Array | Float32Array;
  /** What a stored value is multiplied by to become the real number the model takes. */
  readonly scale: number;
  /** count classes, from 0. */
  readonly labels: Uint8Array;
}

/** A dataset split into the part a model learns from and the part it never sees in training. */
export interface Dataset {
  readonly train: LabelledSamples;
  readonly test: LabelledSamples;
}
