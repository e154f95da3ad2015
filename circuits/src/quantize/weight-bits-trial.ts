/** Bits of the weights of each weighted node, by name. */
export type BitsByNode = ReadonlyMap<string, number>;

/** What one choice of weight bits costs and keeps. */
export interface WeightBitsTrial {
  readonly weightBits: BitsByNode;
  /** Rows of the circuit. */
  readonly rows: number;
  /** Share of predictions expected to change; the largest over the outputs, 0 if none decides. */
  readonly expectedChangedShare: number;
  /** Share counted on the samples that the search uses. */
  readonly changedShare: number;
  /** Root mean square error of the scores; the largest over the outputs. */
  readonly rmsError: number;
}
